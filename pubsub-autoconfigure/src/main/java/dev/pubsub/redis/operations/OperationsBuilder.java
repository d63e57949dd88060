package dev.pubsub.redis.operations;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.listener.DeadLetterPolicy;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;

import org.springframework.util.Assert;

/**
 * Puts {@link PubSubOperations} together, see {@link PubSubOperations#builder}. Not
 * thread-safe.
 *
 * @since 0.1.0
 */
public final class OperationsBuilder {

	private static final int MOST_PER_SECOND = 5000;

	final SharedConnections connections;

	final StreamListenerContainerRegistry containers;

	Collection<CronScheduler> cronSchedulers = List.of();

	Collection<String> streams = List.of();

	UnaryOperator<String> deadLetterSuffix = (stream) -> DeadLetterPolicy.defaults().suffix();

	int redriveRate = 500;

	Duration consumerIdle = Duration.ofMinutes(1);

	Clock clock = Clock.systemUTC();

	OperationsBuilder(SharedConnections connections, StreamListenerContainerRegistry containers) {
		this.connections = connections;
		this.containers = containers;
	}

	/**
	 * Set the schedulers of cron jobs. Default is none.
	 * @param cronSchedulers the schedulers
	 * @return this builder
	 */
	public OperationsBuilder cronSchedulers(Collection<CronScheduler> cronSchedulers) {
		this.cronSchedulers = List.copyOf(cronSchedulers);
		return this;
	}

	/**
	 * Set which streams to show besides those of subscriptions and cron jobs. Default is
	 * none.
	 * @param streams names of streams
	 * @return this builder
	 */
	public OperationsBuilder streams(Collection<String> streams) {
		this.streams = List.copyOf(streams);
		return this;
	}

	/**
	 * Set what the names of default dead-letter streams end in. Default is where
	 * {@link DeadLetterPolicy#defaults()} puts them.
	 * @param deadLetterSuffix gives the suffix by the name of a stream
	 * @return this builder
	 */
	public OperationsBuilder deadLetterSuffix(UnaryOperator<String> deadLetterSuffix) {
		this.deadLetterSuffix = deadLetterSuffix;
		return this;
	}

	/**
	 * Set how many dead letters a run redrives per second at most.
	 * @param redriveRate the number, 1 to 5000; default 500
	 * @return this builder
	 */
	public OperationsBuilder redriveRate(int redriveRate) {
		Assert.isTrue(redriveRate >= 1 && redriveRate <= MOST_PER_SECOND,
				() -> "'redriveRate' must be 1 to " + MOST_PER_SECOND + ", was " + redriveRate);
		this.redriveRate = redriveRate;
		return this;
	}

	/**
	 * Set how long a consumer must not have asked for anything before it may be deleted.
	 */
	OperationsBuilder consumerIdle(Duration consumerIdle) {
		this.consumerIdle = consumerIdle;
		return this;
	}

	/**
	 * Set the clock that containers and cron jobs have. Default is that of the system.
	 * @param clock the clock
	 * @return this builder
	 */
	public OperationsBuilder clock(Clock clock) {
		this.clock = clock;
		return this;
	}

	/**
	 * Build the operations, which connect when they are first used.
	 * @return the operations; the caller closes them
	 */
	public PubSubOperations build() {
		return new DefaultPubSubOperations(this, ConnectionSource.of(this.connections).open());
	}

}
