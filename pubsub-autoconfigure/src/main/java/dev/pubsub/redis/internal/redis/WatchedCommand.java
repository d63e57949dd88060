package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import dev.pubsub.redis.internal.Failures;
import io.lettuce.core.RedisException;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandType;
import org.jspecify.annotations.Nullable;

/**
 * A command that tells its link when it has ended, once. A callback on the future would
 * do the same at the cost of two more objects per command. An error after which it can be
 * sent again does not complete it.
 *
 * @param <T> type of the reply
 */
final class WatchedCommand<T> extends AsyncCommand<byte[], byte[], T> {

	@SuppressWarnings("rawtypes")
	private static final AtomicIntegerFieldUpdater<WatchedCommand> ENDED = AtomicIntegerFieldUpdater
		.newUpdater(WatchedCommand.class, "ended");

	private final @Nullable Deadline deadline;

	private final Patience patience;

	private @Nullable LinkSession session;

	private volatile @Nullable Resend<T> resend;

	private volatile @Nullable String refusal;

	@SuppressWarnings("UnusedVariable") // read by its updater
	private volatile int ended;

	/**
	 * Create a command.
	 * @param request what to send
	 * @param deadline until when to send it again, {@code null} without patience
	 * @param patience what to send it again for
	 */
	WatchedCommand(RedisRequest<T> request, @Nullable Deadline deadline, Patience patience) {
		super(new Command<>(request.keyword(), request.output(), request.arguments()));
		this.deadline = deadline;
		this.patience = patience;
	}

	/**
	 * Return why a command, of which no reply has come, was not executed, and see to it
	 * that it will not be.
	 * @return the reason; {@code null} when a server may have executed it
	 */
	static @Nullable Throwable withdraw(Future<?> reply) {
		Resend<?> resend = (reply instanceof WatchedCommand<?> command) ? command.resend : null;
		return (resend != null) ? resend.withdraw() : null;
	}

	Patience patience() {
		return this.patience;
	}

	Deadline requireDeadline() {
		return Objects.requireNonNull(this.deadline);
	}

	/**
	 * Return what sends it again, if anything does.
	 */
	@Nullable Resend<T> resend() {
		return this.resend;
	}

	void setResend(Resend<T> resend) {
		this.resend = resend;
	}

	/**
	 * Set the session that is told of the end, before the command is dispatched.
	 */
	void setSession(LinkSession session) {
		this.session = session;
	}

	/**
	 * Take note that a server did not permit to ask it, which comes before its answer.
	 * @param error what it answered to that
	 */
	void setRefusal(String error) {
		this.refusal = error;
	}

	int slot() {
		return RedisRequest.slot(getArgs());
	}

	/**
	 * Return the same command once more, after an error reply or when it was not sent.
	 */
	WatchedCommand<T> again(Resend<T> resend) {
		CommandOutput<byte[], byte[], T> output = getOutput();
		output.setError((String) null);
		WatchedCommand<T> next = new WatchedCommand<>(new RedisRequest<>(getType(), output, getArgs()), this.deadline,
				this.patience);
		next.resend = resend;
		return next;
	}

	/**
	 * Complete with what another attempt brought.
	 */
	void finish(@Nullable T value, @Nullable Throwable failure) {
		if (failure == null) {
			complete(value);
		}
		else if (!isDone()) {
			// The driver takes it for completed, so that the usual way is closed.
			obtrudeException(Failures.unwrap(failure));
		}
	}

	/**
	 * A reply that makes no sense, as on a connection that has lost bytes, fails the
	 * command and ends the connection: the driver would only log it, and nobody would
	 * ever hear of the command again.
	 */
	@Override
	protected void completeResult() {
		try {
			CommandOutput<byte[], byte[], T> output = getOutput();
			if (output != null && output.hasError() && isTakenOver(output.getError())) {
				end(null);
				return;
			}
			CommandFailedException failure = failure();
			if (failure != null) {
				end(null);
				// The driver takes it for completed, so that the usual way is closed.
				obtrudeException(failure);
				return;
			}
			super.completeResult();
			end(null);
		}
		catch (RuntimeException ex) {
			RedisException failure = new RedisException("Unexpected reply", ex);
			end(failure);
			// The driver takes it for completed, so that the usual way is closed.
			obtrudeException(failure);
		}
	}

	/**
	 * Return the error that Redis answered with, if it did. That a script is not known is
	 * for the driver to say: {@link RedisScript} looks for its exception.
	 */
	private @Nullable CommandFailedException failure() {
		if (getOutput() == null || !getOutput().hasError()) {
			return null;
		}
		String refused = this.refusal;
		if (refused != null) {
			return CommandFailedException.of(CommandType.ASKING.toString(), key(), refused);
		}
		String error = getOutput().getError();
		return (error == null || error.startsWith("NOSCRIPT")) ? null : failure(error);
	}

	CommandFailedException failure(String error) {
		return CommandFailedException.of(getType().toString(), key(), error);
	}

	private @Nullable String key() {
		ByteBuffer key = (getArgs() != null) ? getArgs().getFirstEncodedKey() : null;
		return (key != null) ? StandardCharsets.UTF_8.decode(key.duplicate()).toString() : null;
	}

	/**
	 * The link is told first: whoever waits for the reply must not find the connection
	 * that failed when it tries again.
	 */
	@Override
	public boolean completeExceptionally(Throwable failure) {
		if (!isDone()) {
			end(failure);
		}
		return super.completeExceptionally(failure);
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		if (!isDone()) {
			end(new CancellationException());
		}
		return super.cancel(mayInterruptIfRunning);
	}

	private boolean isTakenOver(@Nullable String error) {
		LinkSession used = this.session;
		return error != null && this.refusal == null && used != null && used.takesOver(this, error);
	}

	private void end(@Nullable Throwable failure) {
		LinkSession used = this.session;
		if (used != null && ENDED.compareAndSet(this, 0, 1)) {
			used.ended(failure);
		}
	}

}
