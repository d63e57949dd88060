package dev.pubsub.redis.internal.delivery;

import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The handler's side of a delivery: calls the handler, and says what becomes of a message
 * after that. Thread-safe.
 */
public interface HandlerCall {

	/**
	 * Call the handler, on a worker thread.
	 * @param attempts one, unless the subscription wants batches
	 * @return why an attempt failed, {@code null} for one that succeeded
	 */
	Function<Attempt, @Nullable Throwable> handle(List<? extends Attempt> attempts);

	/**
	 * Return what becomes of a message.
	 * @param attempt the attempt, which ended
	 * @param end how it ended
	 * @param failure why it failed, {@code null} if it did not
	 */
	Verdict judge(Attempt attempt, End end, @Nullable Throwable failure);

	/**
	 * An attempt failed. Called before anything is done about it; must not throw.
	 * @param attempt the attempt
	 * @param verdict what becomes of the message, with the failure
	 */
	void failed(Attempt attempt, Verdict verdict);

	/**
	 * How an attempt ended.
	 */
	enum End {

		/** The handler returned by itself. */
		RETURNED,

		/** The handler was interrupted at its deadline. */
		TIMED_OUT,

		/** The handler was interrupted as the consumer stops. */
		STOPPED,

		/** Another consumer may have the message. */
		LEASE_LOST

	}

}
