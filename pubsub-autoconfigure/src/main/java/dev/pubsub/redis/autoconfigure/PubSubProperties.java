package dev.pubsub.redis.autoconfigure;

import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;

import dev.pubsub.redis.producer.SessionFlush;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.MutuallyExclusiveConfigurationPropertiesException;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties of messaging on Redis Streams. A bare number where a duration
 * is expected means seconds. Not visible outside: an application sets properties, which
 * can grow, and builds nothing from this type.
 *
 * @param enabled Whether to enable messaging on Redis Streams.
 * @param url Redis to use, such as rediss://user:password@host:6379/0. Defaults to the
 * server of the application's connection factory (spring.data.redis.*).
 * @param connectionFactory Name of the RedisConnectionFactory bean whose server to use.
 * Needed where there are several and the one for messaging is not primary.
 * @param keyPrefix What all keys in Redis start with, such as "staging:", so that several
 * environments can share a server. Names of streams everywhere else are without it.
 * @param group Consumer group. Defaults to the name of the application, or "pubsub".
 * @param consumerName What the names of this process's consumers start with. Defaults to
 * the name of the application, the host and the process id.
 * @param processes Number of reader loops per subscription in this process. Each is a
 * consumer with its own connection.
 * @param threads Number of messages that one reader loop handles at the same time.
 * @param retryCount Number of redeliveries after the first attempt. Zero means none.
 * @param timeout How long one attempt may take before it is interrupted. If set, it is
 * also the time between attempts unless a back-off is configured.
 * @param timeoutSecond Same as "timeout".
 * @param block How long one read waits for messages, at most a quarter of the lease.
 * @param blockSecond Same as "block".
 * @param readCount Most messages that one read may bring. Reads bring fewer while
 * handlers are slow.
 * @param readBytes Most bytes that one read keeps, its first message aside. Reads bring
 * fewer messages while these are large.
 * @param noAck Whether to let Redis acknowledge messages when they are delivered (at most
 * once). There are no retries and no dead letters then.
 * @param lease How long a message stays with a consumer that does not renew its lease.
 * @param claimInterval Time between searches for messages whose consumer is gone.
 * Defaults to a sixth of the lease.
 * @param backoff Time between attempts.
 * @param deadLetter Where messages go that are given up.
 * @param deleteAfterAck Whether to delete messages from the stream once they are
 * acknowledged. Before Redis 8.2 that includes messages that another group has not read
 * yet.
 * @param shutdownTimeout How long running handlers may go on when the application stops.
 * @param startup What to do when Redis is down while the application starts.
 * @param consumer Consuming messages.
 * @param producer Publishing messages.
 * @param session Sessions of the producer.
 * @param cron Cron jobs.
 * @param consumers Consumers that are gone.
 * @param operations What people do in production, by the endpoint or a console.
 * @param metrics Gauges of how much of the streams waits.
 * @param mdc What log lines of handlers tell of their messages.
 * @param streams Settings of single streams, by the name of the stream.
 */
@ConfigurationProperties("pubsub.redis")
record PubSubProperties(@DefaultValue("true") boolean enabled, @Nullable String url, @Nullable String connectionFactory,
		@DefaultValue("") String keyPrefix, @Nullable String group, @Nullable String consumerName,
		@DefaultValue("1") int processes, @DefaultValue("10") int threads, @DefaultValue("10") int retryCount,
		@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration timeout,
		@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration timeoutSecond,
		@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration block,
		@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration blockSecond, @DefaultValue("128") int readCount,
		@DefaultValue("8MB") DataSize readBytes, @DefaultValue("false") boolean noAck,
		@DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS) Duration lease,
		@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration claimInterval, @DefaultValue Backoff backoff,
		@DefaultValue DeadLetter deadLetter, @DefaultValue("false") boolean deleteAfterAck,
		@DefaultValue("20s") @DurationUnit(ChronoUnit.SECONDS) Duration shutdownTimeout,
		@DefaultValue("wait") Startup startup, @DefaultValue Consumer consumer, @DefaultValue Producer producer,
		@DefaultValue Session session, @DefaultValue Cron cron, @DefaultValue Consumers consumers,
		@DefaultValue Operations operations, @DefaultValue Metrics metrics, @DefaultValue Mdc mdc,
		@DefaultValue Map<String, Stream> streams) {

	PubSubProperties {
		MutuallyExclusiveConfigurationPropertiesException.throwIfMultipleNonNullValuesIn((entries) -> {
			entries.put("pubsub.redis.timeout", timeout);
			entries.put("pubsub.redis.timeout-second", timeoutSecond);
		});
		MutuallyExclusiveConfigurationPropertiesException.throwIfMultipleNonNullValuesIn((entries) -> {
			entries.put("pubsub.redis.block", block);
			entries.put("pubsub.redis.block-second", blockSecond);
		});
		MutuallyExclusiveConfigurationPropertiesException.throwIfMultipleNonNullValuesIn((entries) -> {
			entries.put("pubsub.redis.url", url);
			entries.put("pubsub.redis.connection-factory", connectionFactory);
		});
	}

	/**
	 * Return the settings that a single stream may override.
	 * @return the settings for all streams
	 */
	Stream forAllStreams() {
		return new Stream(this.group, this.processes, this.threads, this.retryCount,
				(this.timeout != null) ? this.timeout : this.timeoutSecond,
				(this.block != null) ? this.block : this.blockSecond, this.readCount, this.readBytes, this.noAck,
				this.lease, this.claimInterval, this.backoff, this.deadLetter, this.deleteAfterAck,
				this.shutdownTimeout, null, null);
	}

	/**
	 * Return what tells these settings from others, without the password in the address.
	 */
	@Override
	public String toString() {
		return "PubSubProperties[url=" + ((this.url != null) ? InvalidUrlException.mask(this.url) : null)
				+ ", connectionFactory=" + this.connectionFactory + ", keyPrefix=" + this.keyPrefix + ", group="
				+ this.group + "]";
	}

	/**
	 * What to do when Redis is down while the application starts.
	 */
	enum Startup {

		/**
		 * Start without it, and connect as soon as it is there.
		 */
		WAIT,

		/**
		 * Fail to start.
		 */
		FAIL

	}

	/**
	 * Consuming messages.
	 *
	 * @param enabled Whether to start listeners and cron jobs. If not, the application
	 * only publishes.
	 */
	record Consumer(@DefaultValue("true") boolean enabled) {

	}

	/**
	 * Time between attempts. What is not set comes from the built-in back-off.
	 *
	 * @param delay Time from the first failed attempt to the next.
	 * @param multiplier Factor from one delay to the next.
	 * @param maxDelay Longest delay, jitter included. Must not be less than the first.
	 * @param jitter Greatest share of a delay by which it is made longer or shorter at
	 * random, from 0 to 1.
	 */
	record Backoff(@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration delay, @Nullable Double multiplier,
			@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration maxDelay, @Nullable Double jitter) {

	}

	/**
	 * Where messages go that are given up.
	 *
	 * @param enabled Whether to copy messages that are given up to a dead-letter stream.
	 * If not, they are acknowledged and reported.
	 * @param suffix What the name of a dead-letter stream has after the name of its
	 * stream.
	 * @param maxLength About how many dead letters to keep per stream. Zero means all.
	 * @param includeMessage Whether to write the messages of the application's exceptions
	 * into dead letters. They may contain confidential values.
	 * @param includeStackTrace Whether to write stack traces into dead letters. They may
	 * contain confidential values.
	 */
	record DeadLetter(@Nullable Boolean enabled, @Nullable String suffix, @Nullable Long maxLength,
			@Nullable Boolean includeMessage, @Nullable Boolean includeStackTrace) {

	}

	/**
	 * Publishing messages.
	 *
	 * @param maxLength Length to trim streams to when publishing. Trimming removes the
	 * oldest entries even if nobody has read them. Streams are not trimmed by default.
	 * @param approximate Whether trimming may leave a few more entries than asked for,
	 * which costs Redis much less.
	 * @param acknowledgedOnly Whether trimming spares entries that some group has not
	 * acknowledged. Requires Redis 8.2.
	 * @param timeout How long publishing waits for a connection and for Redis to answer.
	 * A session goes on for as long as answers come in.
	 * @param maxPayload Greatest size of a message, all its fields taken together.
	 * @param maxInFlight Most messages that are published asynchronously and have no
	 * answer yet, to each server of a cluster. They stay in memory: lower it for large
	 * messages.
	 * @param idempotencyWindow How long a message with an idempotency id is recognised on
	 * servers before Redis 8.6.
	 * @param durability What must be confirmed before a message counts as published.
	 */
	record Producer(@Nullable Long maxLength, @DefaultValue("true") boolean approximate,
			@DefaultValue("false") boolean acknowledgedOnly,
			@DefaultValue("3s") @DurationUnit(ChronoUnit.SECONDS) Duration timeout,
			@DefaultValue("1MB") DataSize maxPayload, @DefaultValue("4096") int maxInFlight,
			@DefaultValue("10m") @DurationUnit(ChronoUnit.SECONDS) Duration idempotencyWindow,
			@DefaultValue Durability durability) {

	}

	/**
	 * What must be confirmed before a message counts as published. One that is not
	 * confirmed in time fails as "unknown", although it is in its stream.
	 *
	 * @param replicas Number of replicas that must have the message.
	 * @param timeout How long to wait for the confirmation. Must be shorter than the
	 * timeout of the producer.
	 * @param fsync Whether the server and the replicas must have synced the message to
	 * their append-only files. Requires Redis 7.2.
	 */
	record Durability(@DefaultValue("0") int replicas,
			@DefaultValue("1s") @DurationUnit(ChronoUnit.SECONDS) Duration timeout,
			@DefaultValue("false") boolean fsync) {

	}

	/**
	 * Sessions of the producer.
	 *
	 * @param flush What happens to a session at the end of its web request or
	 * transaction.
	 * @param chunkSize Number of messages of a session that are written at once.
	 */
	record Session(@DefaultValue("manual") SessionFlush flush, @DefaultValue("256") int chunkSize) {

	}

	/**
	 * Cron jobs.
	 *
	 * @param zone Time zone of cron expressions.
	 * @param maxLength About how many entries each fire leaves in the stream of its job,
	 * including those of producers. Zero means all.
	 * @param misfireGrace How late a cron job may fire. Fire times that could not be kept
	 * for longer are missed.
	 */
	record Cron(@DefaultValue("UTC") ZoneId zone, @DefaultValue("256") long maxLength,
			@DefaultValue("1m") @DurationUnit(ChronoUnit.SECONDS) Duration misfireGrace) {

	}

	/**
	 * Consumers that are gone.
	 *
	 * @param reapIdleAfter Idle time after which a consumer without pending messages is
	 * deleted from its group.
	 */
	record Consumers(@DefaultValue("1h") @DurationUnit(ChronoUnit.SECONDS) Duration reapIdleAfter) {

	}

	/**
	 * What people do in production, by the endpoint or a console.
	 *
	 * @param redriveRate Most dead letters that are redriven per second, 1 to 5000.
	 */
	record Operations(@DefaultValue("500") int redriveRate) {

	}

	/**
	 * Gauges of how much of the streams waits.
	 *
	 * @param enabled Whether to ask Redis for lag, pending messages, dead letters and
	 * lengths of the subscribed streams. Needs a MeterRegistry.
	 * @param interval Time between two questions, 1 s or more. Each asks once per stream.
	 */
	record Metrics(@DefaultValue("true") boolean enabled,
			@DefaultValue("15s") @DurationUnit(ChronoUnit.SECONDS) Duration interval) {

	}

	/**
	 * What log lines of handlers tell of their messages.
	 *
	 * @param enabled Whether the MDC has the keys "pubsub.stream", "pubsub.id" and
	 * "pubsub.attempt" while a handler runs.
	 */
	record Mdc(@DefaultValue("true") boolean enabled) {

	}

	/**
	 * Settings of one stream. What is not set comes from "pubsub.redis.*".
	 *
	 * @param group Consumer group.
	 * @param processes Number of reader loops per subscription in this process.
	 * @param threads Number of messages that one reader loop handles at the same time.
	 * @param retryCount Number of redeliveries after the first attempt.
	 * @param timeout How long one attempt may take before it is interrupted.
	 * @param block How long one read waits for messages, at most a quarter of the lease.
	 * @param readCount Most messages that one read may bring.
	 * @param readBytes Most bytes that one read keeps, its first message aside.
	 * @param noAck Whether to let Redis acknowledge messages when they are delivered (at
	 * most once).
	 * @param lease How long a message stays with a consumer that does not renew its
	 * lease.
	 * @param claimInterval Time between searches for messages whose consumer is gone.
	 * @param backoff Time between attempts.
	 * @param deadLetter Where messages go that are given up.
	 * @param deleteAfterAck Whether to delete messages from the stream once they are
	 * acknowledged. Before Redis 8.2 that includes messages that another group has not
	 * read yet.
	 * @param shutdownTimeout How long running handlers may go on when the application
	 * stops.
	 * @param ordered Whether messages with the same key are handled in order: one
	 * instance owns the stream, or each of its partitions.
	 * @param partitions Number of streams that the stream is spread over, 1 to 256, for
	 * listeners and for publishing. All applications that use it must set the same.
	 */
	record Stream(@Nullable String group, @Nullable Integer processes, @Nullable Integer threads,
			@Nullable Integer retryCount, @DurationUnit(ChronoUnit.SECONDS) @Nullable Duration timeout,
			@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration block, @Nullable Integer readCount,
			@Nullable DataSize readBytes, @Nullable Boolean noAck,
			@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration lease,
			@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration claimInterval, @DefaultValue Backoff backoff,
			@DefaultValue DeadLetter deadLetter, @Nullable Boolean deleteAfterAck,
			@DurationUnit(ChronoUnit.SECONDS) @Nullable Duration shutdownTimeout, @Nullable Boolean ordered,
			@Nullable Integer partitions) {

	}

}
