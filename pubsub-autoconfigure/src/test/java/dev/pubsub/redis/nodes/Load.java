package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.pubsub.redis.producer.Durability;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.PublishResult;
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

	private final Set<String> rejected = new ConcurrentSkipListSet<>();

	private final AtomicInteger unanswered = new AtomicInteger();

	private final Queue<Long> syncTimes = new ConcurrentLinkedQueue<>();

	private final Queue<Long> asyncTimes = new ConcurrentLinkedQueue<>();

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

	/**
	 * Return what was sent with durability.
	 */
	Set<String> confirmed() {
		return this.sent.stream().filter((payload) -> payload.startsWith("durable")).collect(Collectors.toSet());
	}

	/**
	 * Return what is known not to be in Redis.
	 */
	Set<String> rejected() {
		return Set.copyOf(this.rejected);
	}

	/**
	 * Return how many asynchronous messages have no result yet.
	 */
	int unanswered() {
		return this.unanswered.get();
	}

	/**
	 * Return the time that 99 of 100 synchronous messages needed at most.
	 */
	Duration syncTime() {
		return percentile(this.syncTimes, 99);
	}

	/**
	 * Return the time that 99 of 100 asynchronous messages needed at most.
	 */
	Duration asyncTime() {
		return percentile(this.asyncTimes, 99);
	}

	/**
	 * Return the longest time that a message took to have a result, whatever it was.
	 */
	Duration longestTime() {
		Duration sync = percentile(this.syncTimes, 100);
		Duration async = percentile(this.asyncTimes, 100);
		return (sync.compareTo(async) > 0) ? sync : async;
	}

	void forgetTimes() {
		this.syncTimes.clear();
		this.asyncTimes.clear();
	}

	private static Duration percentile(Queue<Long> times, int percent) {
		List<Long> sorted = times.stream().sorted().toList();
		return Duration.ofNanos(sorted.get((sorted.size() - 1) * percent / 100));
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
			long start = System.nanoTime();
			try {
				this.producer.publish(this.stream, payload, options.apply(payload));
				sent(payload);
			}
			catch (PublishException ex) {
				failed(payload, ex);
			}
			if (kind.equals("sync")) {
				this.syncTimes.add(System.nanoTime() - start);
			}
			LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
		}
	}

	private void publishAsync() {
		for (int i = 0; !this.stopped; i++) {
			String payload = "async" + i;
			long start = System.nanoTime();
			this.unanswered.incrementAndGet();
			this.producer.publishAsync(this.stream, payload).whenComplete((id, failure) -> {
				if (failure == null) {
					sent(payload);
				}
				else {
					failed(payload, failure);
				}
				this.asyncTimes.add(System.nanoTime() - start);
				this.unanswered.decrementAndGet();
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
		Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
		if (cause instanceof PublishException ex
				&& ex.results().stream().allMatch((result) -> result.status() == PublishResult.Status.REJECTED)) {
			this.rejected.add(payload);
		}
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
