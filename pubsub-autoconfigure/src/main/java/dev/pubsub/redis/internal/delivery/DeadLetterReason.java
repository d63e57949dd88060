package dev.pubsub.redis.internal.delivery;

/**
 * Why a message is given up.
 */
public enum DeadLetterReason {

	ATTEMPTS_EXHAUSTED("attempts-exhausted"),

	NOT_RETRYABLE("not-retryable"),

	UNREADABLE("unreadable"),

	REJECTED("rejected"),

	/**
	 * Its entry was deleted or trimmed while its handler ran, and the attempt failed.
	 */
	ENTRY_DELETED("entry-deleted");

	private final String text;

	DeadLetterReason(String text) {
		this.text = text;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
