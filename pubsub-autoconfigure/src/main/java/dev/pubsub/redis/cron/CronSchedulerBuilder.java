package dev.pubsub.redis.cron;

import java.time.Clock;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.redis.ConnectionSource;

/**
 * Puts a {@link CronScheduler} together, see
 * {@link CronScheduler#builder(org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory)}.
 * Not thread-safe.
 *
 * @since 0.1.0
 */
public final class CronSchedulerBuilder {

	private ConnectionSource source;

	private CronOptions options = CronOptions.defaults();

	private Clock clock = Clock.systemUTC();

	private Consumer<CronEvent> events = (event) -> {
	};

	CronSchedulerBuilder(ConnectionSource source) {
		this.source = source;
	}

	/**
	 * Set what all jobs have in common.
	 * @param options the options
	 * @return this builder
	 */
	public CronSchedulerBuilder options(CronOptions options) {
		this.options = options;
		return this;
	}

	/**
	 * Set the clock that tells when it is time to fire. Default is the system's.
	 * @param clock the clock
	 * @return this builder
	 */
	public CronSchedulerBuilder clock(Clock clock) {
		this.clock = clock;
		return this;
	}

	/**
	 * Set who is told what happens at fire times, on a thread that it must not block.
	 * Default is nobody.
	 * @param events takes the events
	 * @return this builder
	 */
	public CronSchedulerBuilder events(Consumer<CronEvent> events) {
		this.events = events;
		return this;
	}

	/**
	 * Set what all keys in Redis start with, so that several environments can share a
	 * server. Names in messages, events and meters are without it. Default is nothing.
	 * @param keyPrefix the prefix, such as {@code staging:}, at most 128 characters and
	 * no brace, space or control character
	 * @return this builder
	 * @throws IllegalStateException when it is built over shared connections, which have
	 * a prefix of their own
	 */
	public CronSchedulerBuilder keyPrefix(String keyPrefix) {
		this.source = this.source.withKeyPrefix(keyPrefix);
		return this;
	}

	/**
	 * Build the scheduler.
	 * @return the scheduler, without jobs and not running; the caller closes it
	 */
	public CronScheduler build() {
		ConnectionSource.Lease connections = this.source.open();
		return new DefaultCronScheduler(connections,
				new CronRuntime(this.clock, Pace.of(connections.threads()), this.options, this.events));
	}

}
