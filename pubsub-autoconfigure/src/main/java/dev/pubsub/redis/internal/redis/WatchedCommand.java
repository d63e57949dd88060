package dev.pubsub.redis.internal.redis;

import java.util.concurrent.CancellationException;
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

	private final Consumer<@Nullable Throwable> onEnd;

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
		RedisException failure = null;
		try {
			super.completeResult();
		}
		catch (RuntimeException ex) {
			failure = new RedisException("Unexpected reply", ex);
			// The driver takes it for completed, so that the usual way is closed.
			obtrudeException(failure);
		}
		this.onEnd.accept(failure);
	}

	@Override
	public boolean completeExceptionally(Throwable failure) {
		boolean ended = super.completeExceptionally(failure);
		if (ended) {
			this.onEnd.accept(failure);
		}
		return ended;
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		boolean ended = super.cancel(mayInterruptIfRunning);
		if (ended) {
			this.onEnd.accept(new CancellationException());
		}
		return ended;
	}

}
