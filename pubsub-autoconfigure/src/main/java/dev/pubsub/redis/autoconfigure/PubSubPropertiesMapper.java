package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.pubsub.redis.annotation.SubscriptionDefaults;
import dev.pubsub.redis.cron.CronOptions;
import dev.pubsub.redis.internal.partition.PartitionLayout;
import dev.pubsub.redis.listener.AckMode;
import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.DeadLetterPolicy;
import dev.pubsub.redis.listener.Redelivery;
import dev.pubsub.redis.listener.RetryBackoff;
import dev.pubsub.redis.producer.Durability;
import dev.pubsub.redis.producer.ProducerOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.Assert;

/**
 * Turns properties into the options of the engine. This is as far as properties go.
 */
final class PubSubPropertiesMapper {

	private static final String PREFIX = "pubsub.redis.";

	private static final Duration SHORTEST_METRICS_INTERVAL = Duration.ofSeconds(1);

	private final PubSubProperties properties;

	private final ProducerOptions producerOptions;

	private final CronOptions cronOptions;

	private final SubscriptionDefaults defaults;

	private final Map<String, SubscriptionDefaults> defaultsByStream = new HashMap<>();

	/**
	 * Create a mapper, which checks all properties at once.
	 * @param properties the properties
	 * @param application name of the application
	 * @param consumerName what the names of consumers start with, if no property says so
	 */
	PubSubPropertiesMapper(PubSubProperties properties, String application, String consumerName) {
		this.properties = properties;
		this.producerOptions = producerOptions(properties);
		this.cronOptions = cronOptions(properties.cron());
		SubscriptionDefaults builtIn = builtIn(application, consumerName);
		this.defaults = overlay(PREFIX, builtIn, properties.forAllStreams(), properties.backoff(),
				properties.deadLetter());
		properties.streams().forEach((stream, settings) -> this.defaultsByStream.put(stream, forStream(stream)));
	}

	/**
	 * Return what a subscription of the given stream may leave out.
	 * @param stream key of the stream
	 * @return the defaults
	 */
	SubscriptionDefaults defaults(String stream) {
		return this.defaultsByStream.getOrDefault(stream, this.defaults);
	}

	/**
	 * Return what the key of a dead-letter stream ends in, also while no dead letters are
	 * written: there may be some from before.
	 * @param stream key of the stream, or of a partition
	 * @return the suffix
	 */
	String deadLetterSuffix(String stream) {
		PubSubProperties.Stream settings = this.properties.streams().get(PartitionLayout.streamOf(stream));
		String own = (settings != null) ? settings.deadLetter().suffix() : null;
		String suffix = first(own, this.properties.deadLetter().suffix());
		return (suffix != null) ? suffix : DeadLetterPolicy.defaults().suffix();
	}

	ProducerOptions producerOptions() {
		return this.producerOptions;
	}

	/**
	 * Return how often Redis is asked how much of the streams waits.
	 * @return the interval
	 */
	Duration metricsInterval() {
		Duration interval = this.properties.metrics().interval();
		if (interval.compareTo(SHORTEST_METRICS_INTERVAL) < 0) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + "metrics.interval", interval,
					"It must be 1 s or more. To ask nothing, set " + PREFIX + "metrics.enabled=false.");
		}
		return interval;
	}

	CronOptions cronOptions() {
		return this.cronOptions;
	}

	private SubscriptionDefaults builtIn(String application, String consumerName) {
		ContainerOptions options = new Settings<>(PREFIX, ContainerOptions.defaults().withConsumerName(consumerName))
			.with("consumer-name", this.properties.consumerName(),
					(target, value) -> target.withConsumerName(hasText(value)))
			.with("consumers.reap-idle-after", this.properties.consumers().reapIdleAfter(),
					ContainerOptions::withReapIdleAfter)
			.options();
		ZoneId zone = this.properties.cron().zone();
		return SubscriptionDefaults.of(application).withOptions(options).withCronZone(zone);
	}

	private SubscriptionDefaults forStream(String stream) {
		PubSubProperties.Stream settings = Objects.requireNonNull(this.properties.streams().get(stream));
		return overlay(PREFIX + "streams." + stream + ".", this.defaults, settings,
				merge(this.properties.backoff(), settings.backoff()),
				merge(this.properties.deadLetter(), settings.deadLetter()));
	}

	private static SubscriptionDefaults overlay(String prefix, SubscriptionDefaults base,
			PubSubProperties.Stream settings, PubSubProperties.Backoff backoff,
			PubSubProperties.DeadLetter deadLetter) {
		if (settings.group() != null && settings.group().isBlank()) {
			throw new InvalidConfigurationPropertyValueException(prefix + "group", settings.group(),
					"A consumer group must have a name. Give it one, or leave the property out.");
		}
		Redelivery redelivery = new Settings<>(prefix, Redelivery.defaults().withRetryCount(base.retryCount()))
			.with("retry-count", settings.retryCount(), Redelivery::withRetryCount)
			.with("timeout", settings.timeout(), Redelivery::withTimeout)
			.options();
		Duration timeout = (settings.timeout() != null) ? settings.timeout() : base.timeout();
		String group = (settings.group() != null) ? settings.group() : base.group();
		return base.withGroup(group)
			.withRetryCount(redelivery.retryCount())
			.withTimeout(timeout)
			.withBackoff(backoff(prefix, backoff))
			.withOptions(options(prefix, base.options(), settings))
			.withDeadLetters(deadLetters(prefix, deadLetter));
	}

	private static ContainerOptions options(String prefix, ContainerOptions base, PubSubProperties.Stream settings) {
		return new Settings<>(prefix, base).with("processes", settings.processes(), ContainerOptions::withProcesses)
			.with("threads", settings.threads(), ContainerOptions::withThreads)
			.with("partitions", settings.partitions(), ContainerOptions::withPartitions)
			.with("read-count", settings.readCount(), ContainerOptions::withReadCount)
			.with("read-bytes", settings.readBytes(), ContainerOptions::withReadBytes)
			.with("block", settings.block(), ContainerOptions::withBlock)
			.with("lease", settings.lease(), ContainerOptions::withLease)
			.with("claim-interval", settings.claimInterval(), ContainerOptions::withClaimInterval)
			.with("shutdown-timeout", settings.shutdownTimeout(), ContainerOptions::withShutdownTimeout)
			.with("delete-after-ack", settings.deleteAfterAck(), ContainerOptions::withDeleteAfterAck)
			.with("ordered", settings.ordered(), ContainerOptions::withOrdered)
			.with("no-ack", settings.noAck(),
					(target, noAck) -> target.withAckMode(noAck ? AckMode.NONE : AckMode.ON_SUCCESS))
			.options();
	}

	private static @Nullable RetryBackoff backoff(String prefix, PubSubProperties.Backoff backoff) {
		RetryBackoff options = new Settings<>(prefix + "backoff.", RetryBackoff.defaults())
			.with("delay", backoff.delay(), RetryBackoff::withDelay)
			.with("multiplier", backoff.multiplier(), RetryBackoff::withMultiplier)
			.with("jitter", backoff.jitter(), RetryBackoff::withJitter)
			.with("max-delay", backoff.maxDelay(),
					(target, maxDelay) -> Redelivery.defaults().withBackoff(target.withMaxDelay(maxDelay)).backoff())
			.options();
		boolean given = backoff.delay() != null || backoff.multiplier() != null || backoff.maxDelay() != null
				|| backoff.jitter() != null;
		return given ? options : null;
	}

	private static DeadLetterPolicy deadLetters(String prefix, PubSubProperties.DeadLetter deadLetter) {
		if (Boolean.FALSE.equals(deadLetter.enabled())) {
			return DeadLetterPolicy.none();
		}
		return new Settings<>(prefix + "dead-letter.", DeadLetterPolicy.defaults())
			.with("suffix", deadLetter.suffix(), DeadLetterPolicy::withSuffix)
			.with("max-length", deadLetter.maxLength(), DeadLetterPolicy::withMaxLength)
			.with("include-message", deadLetter.includeMessage(), DeadLetterPolicy::withMessage)
			.with("include-stack-trace", deadLetter.includeStackTrace(), DeadLetterPolicy::withStackTrace)
			.options();
	}

	private static ProducerOptions producerOptions(PubSubProperties properties) {
		ProducerOptions options = producerOptions(properties.producer(), properties.session());
		for (Map.Entry<String, PubSubProperties.Stream> stream : properties.streams().entrySet()) {
			options = new Settings<>(PREFIX + "streams." + stream.getKey() + ".", options)
				.with("partitions", stream.getValue().partitions(),
						(target, partitions) -> target.withPartitions(stream.getKey(), partitions))
				.options();
		}
		return options;
	}

	private static ProducerOptions producerOptions(PubSubProperties.Producer producer,
			PubSubProperties.Session session) {
		ProducerOptions options = new Settings<>(PREFIX + "producer.", ProducerOptions.defaults())
			.with("max-length", producer.maxLength(), ProducerOptions::withMaxLength)
			.with("approximate", producer.approximate(), ProducerOptions::withApproximate)
			.with("acknowledged-only", producer.acknowledgedOnly(), ProducerOptions::withAcknowledgedOnly)
			.with("timeout", producer.timeout(), ProducerOptions::withTimeout)
			.with("max-payload", producer.maxPayload(), ProducerOptions::withMaxPayload)
			.with("max-in-flight", producer.maxInFlight(), ProducerOptions::withMaxInFlight)
			.with("idempotency-window", producer.idempotencyWindow(), ProducerOptions::withIdempotencyWindow)
			.options()
			.withDurability(durability(producer));
		return new Settings<>(PREFIX + "session.", options)
			.with("chunk-size", session.chunkSize(), ProducerOptions::withChunkSize)
			.options();
	}

	private static Durability durability(PubSubProperties.Producer producer) {
		PubSubProperties.Durability settings = producer.durability();
		Settings<Durability> durability = new Settings<>(PREFIX + "producer.durability.", Durability.none())
			.with("replicas", settings.replicas(), Durability::withReplicas)
			.with("fsync", settings.fsync(), Durability::withFsync);
		return durability
			.with("timeout", settings.timeout(),
					(target, timeout) -> target.withTimeout(timeout).shorterThan(producer.timeout()))
			.options();
	}

	private static CronOptions cronOptions(PubSubProperties.Cron cron) {
		return new Settings<>(PREFIX + "cron.", CronOptions.defaults())
			.with("max-length", cron.maxLength(), CronOptions::withMaxLength)
			.with("misfire-grace", cron.misfireGrace(), CronOptions::withMisfireGrace)
			.options();
	}

	private static PubSubProperties.Backoff merge(PubSubProperties.Backoff all, PubSubProperties.Backoff one) {
		return new PubSubProperties.Backoff(first(one.delay(), all.delay()), first(one.multiplier(), all.multiplier()),
				first(one.maxDelay(), all.maxDelay()), first(one.jitter(), all.jitter()));
	}

	private static PubSubProperties.DeadLetter merge(PubSubProperties.DeadLetter all, PubSubProperties.DeadLetter one) {
		return new PubSubProperties.DeadLetter(first(one.enabled(), all.enabled()), first(one.suffix(), all.suffix()),
				first(one.maxLength(), all.maxLength()), first(one.includeMessage(), all.includeMessage()),
				first(one.includeStackTrace(), all.includeStackTrace()));
	}

	private static <T> @Nullable T first(@Nullable T one, @Nullable T other) {
		return (one != null) ? one : other;
	}

	private static String hasText(String value) {
		Assert.hasText(value, "It must not be blank.");
		return value;
	}

}
