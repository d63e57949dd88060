package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

import dev.pubsub.redis.producer.Durability;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.RedisStreamProducer;

/**
 * Publishes to one stream, in all ways at once, and notes what became of it.
 */
final class Load implements AutoCloseable {

	private static final PublishOptions DURABLE = PublishOptions.defaults().withDurability(Durability.ofReplicas(1));

	private final RedisStreamProducer producer;

	private final String stream;

	private final Set<String> sent = new ConcurrentSkipListSet<>();

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private final List<Thread> threads;

	private volatile boolean stopped;

	private volatile long lastSent = System.nanoTime();

	private volatile long longestGap;

	private Load(RedisStreamProducer producer, String stream) {
		this.producer = producer;
		this.stream = stream;
		this.threads = List.of(
				new Thread(() -> publish("sync", (payload) -> PublishOptions.defaults()), "load-publish"),
				new Thread(() -> publish("once", PublishOptions.defaults()::withIdempotencyId), "load-once"),
				new Thread(() -> publish("durable", (payload) -> DURABLE), "load-durable"),
				new Thread(this::publishAsync, "load-async"), new Thread(this::commit, "load-commit"));
	}

	static Load on(RedisStreamProducer producer, String stream) {
		Load load = new Load(producer, stream);
		load.threads.forEach(Thread::start);
		return load;
	}

	Set<String> sent() {
		return new TreeSet<>(this.sent);
	}

	int failed() {
		return this.failures.size();
	}

	List<String> failures() {
		return List.copyOf(this.failures);
	}

	Duration longestGap() {
		return Duration.ofNanos(this.longestGap);
	}

	synchronized void forgetGap() {
		this.lastSent = System.nanoTime();
		this.longestGap = 0;
	}

	private void publish(String kind, Function<String, PublishOptions> options) {
		for (int i = 0; !this.stopped; i++) {
			String payload = kind + i;
			try {
				this.producer.publish(this.stream, payload, options.apply(payload));
				sent(payload);
			}
			catch (PublishException ex) {
				failed(payload, ex);
			}
			LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
		}
	}

	private void publishAsync() {
		for (int i = 0; !this.stopped; i++) {
			String payload = "async" + i;
			this.producer.publishAsync(this.stream, payload).whenComplete((id, failure) -> {
				if (failure == null) {
					sent(payload);
				}
				else {
					failed(payload, failure);
				}
			});
			LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
		}
	}

	private void commit() {
		for (int i = 0; !this.stopped; i++) {
			String payload = "session" + i;
			try {
				this.producer.newSession().add(this.stream, payload).commit();
				sent(payload);
			}
			catch (PublishException ex) {
				failed(payload, ex);
			}
			LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
		}
	}

	private synchronized void sent(String payload) {
		long now = System.nanoTime();
		this.longestGap = Math.max(this.longestGap, now - this.lastSent);
		this.lastSent = now;
		this.sent.add(payload);
	}

	private void failed(String payload, Throwable failure) {
		this.failures.add(payload + ": " + failure);
	}

	/**
	 * Publish no more, and wait until all is known.
	 */
	void stop() {
		this.stopped = true;
		for (Thread thread : this.threads) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	@Override
	public void close() {
		stop();
	}

}
