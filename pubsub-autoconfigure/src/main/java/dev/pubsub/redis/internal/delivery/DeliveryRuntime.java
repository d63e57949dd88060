package dev.pubsub.redis.internal.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.Outages;
import dev.pubsub.redis.internal.redis.GatheredLink;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.observe.StreamObserver;

/**
 * What all consumers of an application share.
 *
 * @param clients how consumers reach their groups
 * @param control the connection for everything that does not block and has short replies
 * @param looks the control connection for questions that wait for others of the same tick
 * @param recovery the connection over which payloads are claimed: they must not delay
 * renewals
 * @param heapShare what consumers with large entries share
 * @param threads threads of loops and handlers
 * @param observer is told what happens to messages
 * @param clock wall clock, for people
 * @param refusedDelay time between attempts of what Redis refuses
 * @param ticker monotonic nanoseconds, for leases and deadlines
 */
public record DeliveryRuntime(GroupClients clients, RedisLink control, RedisLink looks, RedisLink recovery,
		HeapShare heapShare, BackgroundThreads threads, StreamObserver observer, Clock clock, Duration refusedDelay,
		LongSupplier ticker) {

	/**
	 * Longest silence of the control connection while a reply is due.
	 */
	public static final Duration CONTROL_TIMEOUT = Duration.ofSeconds(2);

	/**
	 * Longest silence of the recovery connection: its replies may be large, but a loss
	 * must be noticed within a lease.
	 */
	public static final Duration RECOVERY_TIMEOUT = Duration.ofSeconds(4);

	/**
	 * Open the connections that consumers share.
	 */
	public static DeliveryRuntime of(StreamConnections connections, BackgroundThreads threads,
			StreamObserver observer) {
		RedisLink control = connections.open("control", CONTROL_TIMEOUT);
		RedisLink recovery = connections.open("recovery", RECOVERY_TIMEOUT);
		return new DeliveryRuntime(GroupClients.of(connections), control, new GatheredLink(control, threads), recovery,
				new HeapShare(), threads, observer, Clock.systemUTC(), Outages.REFUSED_DELAY, System::nanoTime);
	}

	/**
	 * Return a copy that waits for another time between attempts of what Redis refuses.
	 */
	public DeliveryRuntime withRefusedDelay(Duration delay) {
		return new DeliveryRuntime(this.clients, this.control, this.looks, this.recovery, this.heapShare, this.threads,
				this.observer, this.clock, delay, this.ticker);
	}

	Outages outages() {
		return new Outages(this.clock, this.ticker, this.refusedDelay);
	}

	/**
	 * Close the connections that consumers share, once they have stopped.
	 */
	public void closeLinks() {
		this.looks.close();
		this.control.close();
		this.recovery.close();
	}

}
