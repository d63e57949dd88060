package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.redis.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait to be sent, in order. Those that came back, since a server could not
 * execute them yet, are first, and hold up the others. Anybody may add; one thread at a
 * time takes.
 */
final class LaneQueue {

	private final Queue<LaneMessage> fresh = new ConcurrentLinkedQueue<>();

	private final Queue<LaneMessage> returned = new ConcurrentLinkedQueue<>();

	private volatile Deadline pause = Deadline.now();

	private final AtomicInteger setbacks = new AtomicInteger();

	void add(LaneMessage message) {
		this.fresh.add(message);
	}

	/**
	 * Take messages back that were taken before all others.
	 * @return how long to wait before they are sent again
	 */
	Duration giveBack(List<LaneMessage> messages) {
		Duration delay = Pause.lengthAfter(this.setbacks.getAndIncrement());
		Duration left = messages.get(0).deadline().left();
		Duration wait = (left.compareTo(delay) < 0) ? left : delay;
		this.pause = Deadline.after(wait);
		this.returned.addAll(messages);
		return wait;
	}

	/**
	 * Take note that a server executed what it got.
	 */
	void succeeded() {
		if (this.setbacks.get() > 0 && this.returned.isEmpty()) {
			this.setbacks.set(0);
		}
	}

	/**
	 * Return whether messages came back, and no server has executed any since then: it
	 * may refuse those that are sent next, and take those behind them.
	 */
	boolean isInDoubt() {
		return this.setbacks.get() > 0;
	}

	/**
	 * Return whether what came back has still to wait.
	 */
	boolean isPaused() {
		return !this.pause.isOver();
	}

	/**
	 * Return the next message without taking it, {@code null} if none waits.
	 */
	@Nullable LaneMessage peek() {
		LaneMessage first = this.returned.peek();
		return (first != null) ? first : this.fresh.peek();
	}

	/**
	 * Take a message.
	 * @param next what {@link #peek()} returned: another one may have come back since
	 * then
	 */
	void remove(LaneMessage next) {
		Queue<LaneMessage> from = (this.returned.peek() == next) ? this.returned : this.fresh;
		from.remove();
	}

}
