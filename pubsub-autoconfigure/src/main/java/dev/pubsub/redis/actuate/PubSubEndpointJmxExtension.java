package dev.pubsub.redis.actuate;

import java.util.List;
import java.util.Map;

import dev.pubsub.redis.operations.ConsumerStatus;
import dev.pubsub.redis.operations.CronStatus;
import dev.pubsub.redis.operations.DeadLetterRun;
import dev.pubsub.redis.operations.DeadLetterStatus;
import dev.pubsub.redis.operations.EntryIds;
import dev.pubsub.redis.operations.GroupStatus;
import dev.pubsub.redis.operations.MessageStatus;
import dev.pubsub.redis.operations.Page;
import dev.pubsub.redis.operations.Payloads;
import dev.pubsub.redis.operations.PendingStatus;
import dev.pubsub.redis.operations.PubSubOperations;
import dev.pubsub.redis.operations.StreamStatus;
import dev.pubsub.redis.operations.SubscriptionStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.jmx.annotation.EndpointJmxExtension;

/**
 * Operations of the {@link PubSubEndpoint} over JMX, besides its own. Parameters that may
 * be {@code null} are those of HTTP that may be left out.
 *
 * @since 0.1.0
 */
@EndpointJmxExtension(endpoint = PubSubEndpoint.class)
public class PubSubEndpointJmxExtension {

	private final PubSubOperations operations;

	private final Payloads payloads;

	/**
	 * Create an extension.
	 * @param operations what to look at and to do
	 * @param payloads whether to show what is in messages
	 */
	public PubSubEndpointJmxExtension(PubSubOperations operations, Payloads payloads) {
		this.operations = operations;
		this.payloads = payloads;
	}

	@ReadOperation
	public SubscriptionStatus subscription(String id) {
		return this.operations.subscriptions().get(id);
	}

	@ReadOperation
	public Page<StreamStatus> streams(@Nullable String limit, @Nullable String after) {
		return this.operations.streams().list(Inputs.page(limit, after));
	}

	@ReadOperation
	public Page<GroupStatus> groups(String stream, @Nullable String limit, @Nullable String after) {
		return this.operations.streams().groups(stream, Inputs.page(limit, after));
	}

	@ReadOperation
	public Page<ConsumerStatus> consumers(String stream, String group, @Nullable String limit, @Nullable String after) {
		return this.operations.streams().consumers(stream, group, Inputs.page(limit, after));
	}

	@ReadOperation
	public Page<PendingStatus> pending(String stream, String group, @Nullable String limit, @Nullable String after) {
		return this.operations.streams().pending(stream, group, null, Inputs.page(limit, after));
	}

	@ReadOperation
	public Page<MessageStatus> messages(String stream, @Nullable String from, @Nullable String to,
			@Nullable String order, @Nullable String limit, @Nullable String after) {
		return this.operations.streams()
			.messages(stream, EntryIds.range(from, to), Inputs.order(order), this.payloads, Inputs.page(limit, after));
	}

	@ReadOperation
	public Page<DeadLetterStatus> deadLetters(String stream, @Nullable String from, @Nullable String to,
			@Nullable String order, @Nullable String limit, @Nullable String after) {
		return this.operations.deadLetters()
			.list(stream, EntryIds.range(from, to), Inputs.order(order), this.payloads, Inputs.page(limit, after));
	}

	/**
	 * Return the last run over dead letters.
	 * @param stream name of the stream
	 * @return the run, {@code null} if there was none
	 */
	@ReadOperation
	public @Nullable DeadLetterRun run(String stream) {
		return this.operations.deadLetters().run(stream).orElse(null);
	}

	@ReadOperation
	public Page<CronStatus> cron(@Nullable String limit, @Nullable String after) {
		return this.operations.cron().list(Inputs.page(limit, after));
	}

	@WriteOperation
	public SubscriptionStatus start(String id) {
		return this.operations.subscriptions().start(id);
	}

	@WriteOperation
	public SubscriptionStatus stop(String id) {
		return this.operations.subscriptions().stop(id);
	}

	@WriteOperation
	public SubscriptionStatus pause(String id) {
		return this.operations.subscriptions().pause(id);
	}

	@WriteOperation
	public SubscriptionStatus resume(String id) {
		return this.operations.subscriptions().resume(id);
	}

	@WriteOperation
	public Map<String, String> retry(String stream, String group, String id) {
		this.operations.streams().retryNow(stream, group, id);
		return Map.of("retried", id);
	}

	@WriteOperation
	public Map<String, String> redrive(String stream, String id) {
		return Map.of("id", this.operations.deadLetters().redrive(stream, id));
	}

	@WriteOperation
	public DeadLetterRun redriveRange(String stream, @Nullable String from, @Nullable String to) {
		return this.operations.deadLetters().redrive(stream, EntryIds.range(from, to));
	}

	@WriteOperation
	public Map<String, Long> discard(String stream, String id) {
		return Map.of("discarded", this.operations.deadLetters().discard(stream, List.of(id)));
	}

	@WriteOperation
	public DeadLetterRun discardRange(String stream, @Nullable String from, @Nullable String to) {
		return this.operations.deadLetters().discard(stream, EntryIds.range(from, to));
	}

	@WriteOperation
	public DeadLetterRun cancelRun(String stream) {
		return this.operations.deadLetters().cancel(stream);
	}

	@WriteOperation
	public Map<String, String> triggerCron(String stream, String job) {
		return Map.of("id", this.operations.cron().trigger(stream, job));
	}

	@WriteOperation
	public CronStatus pauseCron(String stream, String job) {
		return this.operations.cron().pause(stream, job);
	}

	@WriteOperation
	public CronStatus resumeCron(String stream, String job) {
		return this.operations.cron().resume(stream, job);
	}

	@DeleteOperation
	public Map<String, String> deleteConsumer(String stream, String group, String consumer) {
		this.operations.streams().deleteConsumer(stream, group, consumer);
		return Map.of("deleted", consumer);
	}

}
