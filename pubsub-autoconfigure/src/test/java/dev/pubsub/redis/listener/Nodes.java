package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.observe.StreamObserver;
import dev.pubsub.redis.test.TestRedis;

/**
 * The nodes of a test, which stop with it.
 */
final class Nodes implements AutoCloseable {

	private final TestRedis redis;

	private final List<ContainerFixture> started = new ArrayList<>();

	Nodes(TestRedis redis) {
		this.redis = redis;
	}

	/**
	 * Return options with which nobody waits for long.
	 */
	static ContainerOptions quick() {
		return ContainerOptions.defaults()
			.withLease(Duration.ofSeconds(2))
			.withBlock(Duration.ofMillis(200))
			.withClaimInterval(Duration.ofMillis(200));
	}

	/**
	 * Start one more node.
	 */
	ContainerFixture add() {
		return add((event) -> {
		});
	}

	/**
	 * Start one more node.
	 * @param listener is told of its containers
	 */
	ContainerFixture add(Consumer<ContainerEvent> listener) {
		return add(new ContainerFixture(this.redis, listener));
	}

	/**
	 * Start one more node.
	 * @param observer is told of its messages
	 */
	ContainerFixture addObserved(StreamObserver observer) {
		return add(new ContainerFixture(this.redis, (event) -> {
		}, observer));
	}

	/**
	 * Start one more node.
	 * @param threads the threads of the node
	 */
	ContainerFixture addOn(BackgroundThreads threads) {
		return add(new ContainerFixture(this.redis, (event) -> {
		}, StreamObserver.NONE, threads));
	}

	private ContainerFixture add(ContainerFixture node) {
		this.started.add(node);
		return node;
	}

	ContainerFixture first() {
		return this.started.get(0);
	}

	@Override
	public void close() {
		this.started.forEach(ContainerFixture::close);
	}

}
