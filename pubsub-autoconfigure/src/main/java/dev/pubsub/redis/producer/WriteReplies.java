package dev.pubsub.redis.producer;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Waits for the replies to one write. They come in order, so the last one usually
 * completes all, and one callback does where one per message would cost more than the
 * message.
 */
final class WriteReplies {

	private WriteReplies() {
	}

	/**
	 * Run an action when all futures are complete, at once if they are.
	 */
	static <T> void whenAllDone(List<CompletableFuture<T>> replies, Runnable action) {
		whenDone(replies, replies.size() - 1, action);
	}

	private static <T> void whenDone(List<CompletableFuture<T>> replies, int from, Runnable action) {
		int index = from;
		while (index >= 0 && replies.get(index).isDone()) {
			index--;
		}
		if (index < 0) {
			action.run();
			return;
		}
		int open = index;
		replies.get(open).whenComplete((reply, failure) -> whenDone(replies, open - 1, action));
	}

	/**
	 * Return why a completed future has no value, {@code null} if it has one.
	 */
	static <T> @Nullable Throwable failureOf(CompletableFuture<T> reply) {
		return reply.isCompletedExceptionally() ? reply.handle((value, failure) -> failure).join() : null;
	}

}
