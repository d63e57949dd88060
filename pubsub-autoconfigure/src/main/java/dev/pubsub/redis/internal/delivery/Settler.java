package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.StreamGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Redis what becomes of messages until it confirms: acknowledgements, waits for the
 * next attempt, dead letters and releases, by one rule. Whatever is owed is among what
 * was sent or among what waits for its time, so that nothing gets lost where a step
 * breaks off: what nobody answered is sent again. Thread-safe; its lock guards what
 * waits.
 */
final class Settler {

	private static final Logger logger = LoggerFactory.getLogger(Settler.class);

	private static final Duration BROKEN_OFF_DELAY = Duration.ofMillis(200);

	/**
	 * Longer than any connection is silent before its commands fail.
	 */
	private static final long LONGEST_SILENCE_NANOS = Duration.ofSeconds(10).toNanos();

	private final LongSupplier ticker;

	private final Loop turns;

	private final AtomicLong numbers = new AtomicLong();

	private final Map<Long, Owed<?>> sent = new ConcurrentHashMap<>();

	private final ReentrantLock lock = new ReentrantLock();

	private final Queue<Owed<?>> waiting = new PriorityQueue<>(
			(one, other) -> Long.signum(one.dueAt() - other.dueAt()));

	/**
	 * Create a settler that owes nothing.
	 * @param timer runs what waited for its time
	 * @param ticker monotonic nanoseconds
	 */
	Settler(StreamGroup group, ScheduledExecutorService timer, LongSupplier ticker) {
		this.ticker = ticker;
		this.turns = new Loop("Settling in " + group, Runnable::run, timer, this::sendDue);
	}

	/**
	 * Tell Redis now, and until it confirms. If this throws, nothing is owed.
	 */
	void owe(Owed<?> owed) {
		long now = this.ticker.getAsLong();
		owed.setSentAt(now);
		long number = this.numbers.incrementAndGet();
		this.sent.put(number, owed);
		owed.register(number);
		try {
			send(owed, now);
		}
		catch (Throwable ex) {
			logger.debug("Sending {} broke off, it is sent again", owed, ex);
		}
	}

	/**
	 * Send again what was sent long ago and nobody answered: there was an error on the
	 * way. For any thread, now and then.
	 */
	void sendUnanswered() {
		long now = this.ticker.getAsLong();
		for (Owed<?> owed : this.sent.values()) {
			if (owed.silence(now) > LONGEST_SILENCE_NANOS) {
				send(owed, now);
			}
		}
		this.turns.wake();
	}

	/**
	 * Return something that waits for its time.
	 */
	@Nullable Owed<?> find(Predicate<Owed<?>> condition) {
		this.lock.lock();
		try {
			return this.waiting.stream().filter(condition).findFirst().orElse(null);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Go on at once with something, if it waits for its time.
	 */
	void hurry(Owed<?> owed) {
		this.lock.lock();
		try {
			if (this.waiting.remove(owed)) {
				owed.setDueAt(this.ticker.getAsLong());
				this.waiting.add(owed);
			}
		}
		finally {
			this.lock.unlock();
		}
		this.turns.wake();
	}

	private void sendDue() {
		Owed<?> next = takeDue();
		while (next != null) {
			send(next, this.ticker.getAsLong());
			next = takeDue();
		}
	}

	private @Nullable Owed<?> takeDue() {
		long rest;
		this.lock.lock();
		try {
			Owed<?> first = this.waiting.peek();
			if (first == null) {
				return null;
			}
			long now = this.ticker.getAsLong();
			rest = first.dueAt() - now;
			if (rest <= 0) {
				first.setSentAt(now);
				this.sent.put(first.number(), first);
				this.waiting.poll();
				first.setWaiting(false);
				return first;
			}
		}
		finally {
			this.lock.unlock();
		}
		this.turns.wakeAfter(Duration.ofNanos(rest));
		return null;
	}

	private <R> void send(Owed<R> owed, long now) {
		int round = owed.beginRound(now);
		try {
			CompletableFuture<R> reply = owed.send();
			if (reply == null) {
				end(owed);
			}
			else {
				reply.whenComplete((result, failure) -> answered(owed, round, result, failure));
			}
		}
		catch (Throwable ex) {
			answered(owed, round, null, ex);
		}
	}

	private <R> void answered(Owed<R> owed, int round, @Nullable R result, @Nullable Throwable failure) {
		if (!owed.endRound(round)) {
			return;
		}
		try {
			if (result != null) {
				owed.countAnswer();
				goOn(owed, owed.confirmed(result));
			}
			else {
				goOn(owed, failed(owed, (failure != null) ? failure : new IllegalStateException("No reply")));
			}
		}
		catch (Throwable ex) {
			goOn(owed, brokenOff(owed, ex));
		}
	}

	/**
	 * Return when to tell Redis again, {@code null} for not at all.
	 */
	private @Nullable Duration failed(Owed<?> owed, Throwable failure) {
		return switch (owed.remedy(RedisFault.of(failure))) {
			case LATER -> owed.refused(failure, owed.count(failure));
			case AT_ONCE -> Duration.ZERO;
			case NONE -> {
				owed.countAnswer();
				yield null;
			}
		};
	}

	private Duration brokenOff(Owed<?> owed, Throwable failure) {
		try {
			return owed.refused(failure, owed.count(failure));
		}
		catch (Throwable ex) {
			// Without memory even this may fail; that it is told again matters more.
			return BROKEN_OFF_DELAY;
		}
	}

	private void goOn(Owed<?> owed, @Nullable Duration delay) {
		if (delay == null) {
			end(owed);
		}
		else {
			later(owed, delay);
		}
	}

	private void later(Owed<?> owed, Duration delay) {
		this.lock.lock();
		try {
			if (!owed.isWaiting()) {
				owed.setDueAt(this.ticker.getAsLong() + delay.toNanos());
				this.waiting.add(owed);
				owed.setWaiting(true);
			}
		}
		finally {
			this.lock.unlock();
		}
		this.sent.remove(owed.number());
		this.turns.wakeAfter(delay);
	}

	private void end(Owed<?> owed) {
		owed.ended();
		owed.countEnd();
		this.sent.remove(owed.number());
	}

}
