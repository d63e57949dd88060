package dev.pubsub.redis.internal.redis;

import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

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

	@Override
	protected void completeResult() {
		super.completeResult();
		this.onEnd.accept(null);
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
