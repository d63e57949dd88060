package dev.pubsub.redis.listener;

import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.Outages;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.internal.redis.StreamNames;
import dev.pubsub.redis.observe.StreamObserver;

/**
 * What all containers share.
 *
 * @param clients how consumers reach their groups
 * @param names which names streams may have
 * @param control the shared connection for everything that does not block and has short
 * replies
 * @param recovery the shared connection over which payloads are claimed: they must not
 * delay renewals
 * @param heapShare what consumers with large entries share
 * @param threads threads of loops and handlers
 * @param observer is told what happens to messages
 * @param events is told what happens to containers
 * @param clock wall clock, for what people read
 * @param refusedDelay time between attempts of what Redis refuses
 * @param ticker monotonic nanoseconds, for leases and deadlines
 */
record ListenerRuntime(GroupClients clients, StreamNames names, RedisLink control, RedisLink recovery,
		HeapShare heapShare, BackgroundThreads threads, StreamObserver observer, Consumer<ContainerEvent> events,
		Clock clock, Duration refusedDelay, LongSupplier ticker) {

	Outages outages() {
		return new Outages(this.clock, this.ticker, this.refusedDelay);
	}

	/**
	 * Longest silence of the control connection while a reply is due.
	 */
	static final Duration CONTROL_TIMEOUT = Duration.ofSeconds(2);

	/**
	 * Longest silence of the recovery connection: its replies may be large, but a loss
	 * must be noticed within a lease.
	 */
	static final Duration RECOVERY_TIMEOUT = Duration.ofSeconds(4);

	static ListenerRuntime of(StreamConnections connections, BackgroundThreads threads, StreamObserver observer,
			Consumer<ContainerEvent> events) {
		RedisLink control = connections.open("control", CONTROL_TIMEOUT);
		RedisLink recovery = connections.open("recovery", RECOVERY_TIMEOUT);
		return new ListenerRuntime(GroupClients.of(connections), connections.names(), control, recovery,
				new HeapShare(), threads, observer, events, Clock.systemUTC(), Outages.REFUSED_DELAY, System::nanoTime);
	}

	/**
	 * Return a copy that waits for another time between attempts of what Redis refuses.
	 */
	ListenerRuntime withRefusedDelay(Duration delay) {
		return new ListenerRuntime(this.clients, this.names, this.control, this.recovery, this.heapShare, this.threads,
				this.observer, this.events, this.clock, delay, this.ticker);
	}

	/**
	 * Close the connections that containers share, once they have stopped.
	 */
	void closeLinks() {
		this.control.close();
		this.recovery.close();
	}

}
