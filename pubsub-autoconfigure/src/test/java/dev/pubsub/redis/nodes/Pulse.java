package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.RedisStreamProducer;

/**
 * Publishes to one stream without waiting, a message every few milliseconds, and notes
 * how long each takes.
 */
final class Pulse implements AutoCloseable {

	private static final Duration BEAT = Duration.ofMillis(5);

	private final AtomicLong longest = new AtomicLong();

	private final AtomicInteger published = new AtomicInteger();

	private final AtomicInteger sent = new AtomicInteger();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final Thread thread;

	private volatile boolean stopped;

	private Pulse(RedisStreamProducer producer, String stream, PublishOptions options) {
		this.thread = new Thread(() -> {
			while (!this.stopped) {
				beat(producer, stream, options);
				LockSupport.parkNanos(BEAT.toNanos());
			}
		}, "pulse");
	}

	static Pulse on(RedisStreamProducer producer, String stream, PublishOptions options) {
		Pulse pulse = new Pulse(producer, stream, options);
		pulse.thread.start();
		return pulse;
	}

	private void beat(RedisStreamProducer producer, String stream, PublishOptions options) {
		long start = System.nanoTime();
		producer.publishAsync(stream, "m" + this.published.getAndIncrement(), options).whenComplete((id, failure) -> {
			long time = System.nanoTime() - start;
			this.longest.accumulateAndGet(time, Math::max);
			if (failure == null) {
				this.sent.incrementAndGet();
			}
			else {
				this.failures.add(failure);
			}
		});
	}

	int sent() {
		return this.sent.get();
	}

	Queue<Throwable> failures() {
		return this.failures;
	}

	boolean isAnswered() {
		return this.sent.get() + this.failures.size() == this.published.get();
	}

	/**
	 * Return the longest time that a message took to have a result.
	 */
	Duration longest() {
		return Duration.ofNanos(this.longest.get());
	}

	void forgetLongest() {
		this.longest.set(0);
	}

	void stop() {
		this.stopped = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		stop();
	}

}
