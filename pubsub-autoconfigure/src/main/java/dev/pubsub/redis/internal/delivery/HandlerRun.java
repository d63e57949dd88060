package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import org.jspecify.annotations.Nullable;

/**
 * One call of a handler with the messages it is given: its thread, its deadline, and
 * whether it was interrupted. Known until it returns, also when its messages are settled
 * before. Thread-safe: an interrupt comes once at most, and never after the end.
 */
final class HandlerRun {

	private static final AtomicReferenceFieldUpdater<HandlerRun, Progress> PROGRESS = AtomicReferenceFieldUpdater
		.newUpdater(HandlerRun.class, Progress.class, "progress");

	private final Thread thread;

	private final List<InFlightMessage> given;

	private final long firstDeadline;

	private volatile Progress progress;

	private volatile @Nullable List<InFlightMessage> started;

	private volatile long extension;

	private boolean stuck;

	/**
	 * Create a run on the thread that calls.
	 * @param messages what the handler is given
	 * @param deadline tick of its deadline
	 */
	@SuppressWarnings("NullAway.Init")
	HandlerRun(List<InFlightMessage> messages, long deadline) {
		this.thread = Thread.currentThread();
		this.given = messages;
		this.firstDeadline = deadline;
		PROGRESS.lazySet(this, Progress.RUNNING);
	}

	Thread thread() {
		return this.thread;
	}

	List<InFlightMessage> messages() {
		List<InFlightMessage> rest = this.started;
		return (rest != null) ? rest : this.given;
	}

	/**
	 * Leave out a message before the handler is called.
	 */
	void drop(InFlightMessage message) {
		List<InFlightMessage> others = new ArrayList<>(messages());
		others.remove(message);
		this.started = others;
	}

	/**
	 * Return by how much the deadline is over: negative before.
	 */
	long overdue(long now) {
		return now - this.firstDeadline - this.extension;
	}

	/**
	 * The handler ignores its interrupt.
	 * @return whether that is new
	 */
	synchronized boolean becomesStuck() {
		boolean first = !this.stuck;
		this.stuck = true;
		return first;
	}

	/**
	 * Its deadline was moved: it may go on.
	 * @return whether it was stuck
	 */
	synchronized boolean goesOn() {
		boolean before = this.stuck;
		this.stuck = false;
		return before;
	}

	/**
	 * Return whether the handler ignores its interrupt.
	 */
	synchronized boolean isStuck() {
		return this.stuck;
	}

	/**
	 * Move the deadline, which is one for all messages: they have one handler.
	 */
	void setDeadline(long deadline) {
		this.extension = deadline - this.firstDeadline;
	}

	/**
	 * Interrupt the handler, unless it was before.
	 * @param reason what becomes of its messages: {@link Stage#TIMED_OUT} or
	 * {@link Stage#LEASE_LOST}
	 * @return whether it ran and was not interrupted before
	 */
	boolean interrupt(Stage reason) {
		if (!PROGRESS.compareAndSet(this, Progress.RUNNING, Progress.INTERRUPTING)) {
			return false;
		}
		messages().forEach((message) -> message.advance(Stage.RUNNING, reason));
		this.thread.interrupt();
		this.progress = Progress.INTERRUPTED;
		return true;
	}

	/**
	 * Somebody else has one of the messages now. The handler goes on as long as it works
	 * on others.
	 * @return whether the message was with the handler
	 */
	boolean loseLease(InFlightMessage message) {
		Stage stage = message.stage();
		boolean runs = stage == Stage.RUNNING || stage == Stage.STOPPED;
		if (message.isAcknowledged() || !runs || !message.advance(stage, Stage.LEASE_LOST)) {
			return false;
		}
		if (messages().stream().allMatch((other) -> other.stage() == Stage.LEASE_LOST)) {
			interrupt(Stage.LEASE_LOST);
		}
		return true;
	}

	/**
	 * The handler returned: nobody interrupts its thread for these messages any more. The
	 * flag is cleared, whoever set it: the next message must not pay for it.
	 */
	void end() {
		Progress before = this.progress;
		while (before == Progress.INTERRUPTING || !PROGRESS.compareAndSet(this, before, Progress.ENDED)) {
			Thread.onSpinWait();
			before = this.progress;
		}
		Thread.interrupted();
	}

	/**
	 * Return whether the handler returned.
	 */
	boolean isEnded() {
		return this.progress == Progress.ENDED;
	}

	@Override
	public String toString() {
		List<InFlightMessage> present = messages();
		return present.get(0).id() + ((present.size() > 1) ? " and " + (present.size() - 1) + " more" : "");
	}

	private enum Progress {

		RUNNING, INTERRUPTING, INTERRUPTED, ENDED

	}

}
