package dev.pubsub.redis.operations;

import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.internal.redis.ConnectionSource;

/**
 * Wires the operations together.
 */
final class DefaultPubSubOperations implements PubSubOperations {

	private final OperationsLink link;

	private final StreamAdmin admin;

	private final SubscriptionOperations subscriptions;

	private final StreamOperations streams;

	private final DefaultDeadLetterOperations deadLetters;

	private final CronOperations cron;

	private final ConnectionSource.Lease source;

	DefaultPubSubOperations(OperationsBuilder settings, ConnectionSource.Lease source) {
		this.source = source;
		this.link = new OperationsLink(source.connections());
		this.admin = StreamAdmin.builder(settings.connections)
			.timeout(OperationsLink.TIMEOUT)
			.deadLetterSuffix(settings.deadLetterSuffix)
			.build();
		KnownStreams known = new KnownStreams(settings.containers, settings.cronSchedulers, settings.streams,
				settings.deadLetterSuffix);
		this.subscriptions = new DefaultSubscriptionOperations(settings.containers, new Backlogs(this.link),
				settings.clock);
		this.streams = new DefaultStreamOperations(known, settings.containers, this.admin, this.link,
				settings.consumerIdle);
		this.deadLetters = new DefaultDeadLetterOperations(known, this.admin, this.link, source.threads(),
				settings.redriveRate, settings.clock);
		this.cron = new DefaultCronOperations(settings.cronSchedulers, settings.clock);
	}

	@Override
	public SubscriptionOperations subscriptions() {
		return this.subscriptions;
	}

	@Override
	public StreamOperations streams() {
		return this.streams;
	}

	@Override
	public DeadLetterOperations deadLetters() {
		return this.deadLetters;
	}

	@Override
	public CronOperations cron() {
		return this.cron;
	}

	@Override
	public void close() {
		this.deadLetters.close();
		this.admin.close();
		this.link.close();
		this.source.close();
	}

}
