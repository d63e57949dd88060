package dev.pubsub.redis.internal.redis;

import org.jspecify.annotations.Nullable;

/**
 * Why the last attempt to connect failed. The driver sometimes closes a connection before
 * it passes on why the server refused it, so a failure that tells less than the one
 * before counts only when another one follows. Written by one thread at a time, read by
 * any.
 */
final class LastFailure {

	private volatile @Nullable Throwable failure;

	/** Whether the last attempt failed in a way that tells less. */
	private boolean doubtful;

	/**
	 * Return the reason.
	 * @return the failure; {@code null} before the first one
	 */
	@Nullable Throwable get() {
		return this.failure;
	}

	/**
	 * Take note of a reason, however little it tells.
	 */
	void set(Throwable failure) {
		this.failure = failure;
		this.doubtful = false;
	}

	/**
	 * Take note of a failed attempt.
	 */
	void attemptFailed(Throwable failure) {
		Throwable before = this.failure;
		this.doubtful = !this.doubtful && before != null && RedisFault.of(before).isReply()
				&& ConnectFailure.weight(failure) < ConnectFailure.weight(before);
		if (!this.doubtful) {
			this.failure = failure;
		}
	}

}
