package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;

import io.lettuce.core.RedisException;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import org.jspecify.annotations.Nullable;

/**
 * A command that tells its link when it has ended, once. A callback on the future would
 * do the same at the cost of two more objects per command.
 *
 * @param <T> type of the reply
 */
final class WatchedCommand<T> extends AsyncCommand<byte[], byte[], T> {

	@SuppressWarnings("rawtypes")
	private static final AtomicIntegerFieldUpdater<WatchedCommand> ENDED = AtomicIntegerFieldUpdater
		.newUpdater(WatchedCommand.class, "ended");

	private final Consumer<@Nullable Throwable> onEnd;

	@SuppressWarnings("UnusedVariable") // read by its updater
	private volatile int ended;

	/**
	 * Create a command.
	 * @param onEnd receives why there was no reply; nothing when there was one, be it an
	 * error
	 */
	WatchedCommand(RedisRequest<T> request, Consumer<@Nullable Throwable> onEnd) {
		super(new Command<>(request.keyword(), request.output(), request.arguments()));
		this.onEnd = onEnd;
	}

	/**
	 * A reply that makes no sense, as on a connection that has lost bytes, fails the
	 * command and ends the connection: the driver would only log it, and nobody would
	 * ever hear of the command again.
	 */
	@Override
	protected void completeResult() {
		try {
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
		String error = getOutput().getError();
		if (error == null || error.startsWith("NOSCRIPT")) {
			return null;
		}
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

	private void end(@Nullable Throwable failure) {
		if (ENDED.compareAndSet(this, 0, 1)) {
			this.onEnd.accept(failure);
		}
	}

}
