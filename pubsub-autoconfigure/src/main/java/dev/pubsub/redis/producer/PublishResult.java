package dev.pubsub.redis.producer;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.NotConnectedException;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * What became of one message.
 *
 * @param stream key of the stream
 * @param status what is known
 * @param id id of the entry, if it was sent
 * @param cause why it was not sent, or why that is unknown
 * @since 0.1.0
 */
public record PublishResult(String stream, Status status, @Nullable RecordId id, @Nullable Throwable cause) {

	static PublishResult sent(String stream, RecordId id) {
		return new PublishResult(stream, Status.SENT, id, null);
	}

	static PublishResult rejected(String stream, Throwable cause) {
		return new PublishResult(stream, Status.REJECTED, null, cause);
	}

	static PublishResult unknown(String stream, Throwable cause) {
		return new PublishResult(stream, Status.UNKNOWN, null, cause);
	}

	/**
	 * Return the result of a message for which the calling thread must not wait.
	 */
	static PublishResult refused(String stream) {
		return rejected(stream,
				new IllegalStateException("Thread \"" + Thread.currentThread().getName()
						+ "\" reads the replies of Redis and must not wait for them: use publishAsync() or"
						+ " commitAsync(), or another thread"));
	}

	static boolean isReply(Throwable failure) {
		return !isNotConfirmed(failure) && RedisFault.of(failure).isReply();
	}

	/**
	 * Return the same for a message that was on its way to the given stream first.
	 */
	PublishResult of(String stream) {
		return stream.equals(this.stream) ? this : new PublishResult(stream, this.status, this.id, this.cause);
	}

	/**
	 * Return whether there was no connection to send the message on.
	 */
	boolean isNotSent() {
		return this.status == Status.REJECTED && this.cause != null && RedisFault.of(this.cause) == RedisFault.NOT_SENT;
	}

	/**
	 * Return whether the server answered that it may execute it later.
	 */
	boolean isForLater() {
		return this.status == Status.REJECTED && this.cause != null && RedisFault.isForLater(this.cause);
	}

	/**
	 * Return whether a partition has not taken the message, and another one may.
	 */
	boolean isMovedPartition() {
		return this.cause instanceof MovedPartitionException;
	}

	/**
	 * Return whether the server answered that another one has the stream, or gets it.
	 */
	boolean isMove() {
		return this.status == Status.REJECTED && this.cause != null && RedisFault.isMove(this.cause);
	}

	/**
	 * Return whether another server executes the message now.
	 */
	boolean isRedirection() {
		return this.status == Status.REJECTED && this.cause != null && RedisFault.isRedirection(this.cause);
	}

	/**
	 * Return the same, for the reason why there is no connection now: when the message
	 * was to be sent the first attempt to connect may not have failed yet.
	 */
	PublishResult because(RedisLink link) {
		return (this.cause instanceof NotConnectedException) ? rejected(this.stream, link.notConnected()) : this;
	}

	static PublishResult failed(String stream, Throwable failure) {
		RedisFault fault = RedisFault.of(failure);
		boolean absent = !isNotConfirmed(failure) && (fault.isReply() || fault == RedisFault.NOT_SENT);
		Status status = absent ? Status.REJECTED : Status.UNKNOWN;
		return new PublishResult(stream, status, null, Failures.unwrap(failure));
	}

	/**
	 * What the server answered then is about the confirmation, not about the message.
	 */
	private static boolean isNotConfirmed(Throwable failure) {
		return Failures.unwrap(failure) instanceof NotConfirmedException;
	}

	/**
	 * What is known about a message.
	 */
	public enum Status {

		/**
		 * Redis has it.
		 */
		SENT,

		/**
		 * Redis does not have it: it answered with an error, or nothing was sent.
		 */
		REJECTED,

		/**
		 * It was sent, but the connection was lost or silent before the reply; or Redis
		 * has it, but not as durably as was asked for, and {@link PublishResult#cause()}
		 * is a {@link NotConfirmedException}. Publishing it again may add it twice,
		 * unless it has an idempotency id.
		 */
		UNKNOWN

	}

}
