package dev.pubsub.redis.internal.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * A command that no server has executed yet and that is sent again until one does, or its
 * deadline is over. Thread-safe: {@code state} says whether it is with a server.
 *
 * @param <T> type of the reply
 */
final class Resend<T> {

	private final WatchedCommand<T> command;

	private final Deadline deadline;

	private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);

	private volatile Throwable lastError;

	private int attempts;

	/**
	 * Create a resend.
	 * @param command what callers hold: it gets the reply
	 * @param deadline until when to try
	 * @param lastError why it was not executed
	 */
	Resend(WatchedCommand<T> command, Deadline deadline, Throwable lastError) {
		this.command = command;
		this.deadline = deadline;
		this.lastError = lastError;
	}

	/**
	 * Return what is to be sent. It shares arguments and output with the first attempt,
	 * whose reply was an error.
	 */
	WatchedCommand<T> next() {
		this.attempts++;
		return this.command.again(this);
	}

	int slot() {
		return this.command.slot();
	}

	int attempts() {
		return this.attempts;
	}

	Deadline deadline() {
		return this.deadline;
	}

	/**
	 * Take note that it will be with a server.
	 * @return not when it was withdrawn meanwhile
	 */
	boolean leave() {
		return this.state.compareAndSet(State.WAITING, State.WITH_SERVER);
	}

	/**
	 * Take note that the server has not executed it.
	 */
	void comeBack(Throwable error) {
		this.lastError = error;
		this.state.compareAndSet(State.WITH_SERVER, State.WAITING);
	}

	/**
	 * Send it no more.
	 * @return why it was not executed; {@code null} when a server has it
	 */
	@Nullable Throwable withdraw() {
		boolean waiting = this.state.compareAndSet(State.WAITING, State.WITHDRAWN)
				|| this.state.get() == State.WITHDRAWN;
		return waiting ? this.lastError : null;
	}

	/**
	 * Give up: it fails with the reason why it was not executed.
	 */
	void giveUp() {
		Throwable reason = withdraw();
		if (reason != null) {
			this.command.finish(null, reason);
		}
	}

	/**
	 * Pass on the reply, if the attempt got one.
	 */
	void follow(CompletableFuture<T> attempt) {
		attempt.whenComplete(this.command::finish);
	}

	private enum State {

		WAITING, WITH_SERVER, WITHDRAWN

	}

}
