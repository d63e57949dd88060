package dev.pubsub.redis;

/**
 * Names of the fields that an entry in a dead-letter stream has beside those of its
 * message.
 *
 * @since 0.1.0
 */
public final class DeadLetterFormat {

	/**
	 * Stream that the message came from.
	 */
	public static final String STREAM = EntryFormat.DEAD_LETTER_PREFIX + "STREAM";

	/**
	 * Id that it had there.
	 */
	public static final String ID = EntryFormat.DEAD_LETTER_PREFIX + "ID";

	/**
	 * Group that gave it up.
	 */
	public static final String GROUP = EntryFormat.DEAD_LETTER_PREFIX + "GROUP";

	/**
	 * Consumer that gave it up.
	 */
	public static final String CONSUMER = EntryFormat.DEAD_LETTER_PREFIX + "CONSUMER";

	/**
	 * How often it was attempted, this group's consumers taken together.
	 */
	public static final String ATTEMPTS = EntryFormat.DEAD_LETTER_PREFIX + "ATTEMPTS";

	/**
	 * Why it was given up: {@code attempts-exhausted}, {@code not-retryable},
	 * {@code unreadable}, {@code rejected} or {@code entry-deleted}.
	 */
	public static final String REASON = EntryFormat.DEAD_LETTER_PREFIX + "REASON";

	/**
	 * When it was given up, in milliseconds since the epoch.
	 */
	public static final String TIME = EntryFormat.DEAD_LETTER_PREFIX + "TIME";

	/**
	 * Class of the last failure, where it is known: not if the process of the last
	 * consumer ended.
	 */
	public static final String EXCEPTION = EntryFormat.DEAD_LETTER_PREFIX + "EXCEPTION";

	/**
	 * Stack trace of the last failure, where that is wanted
	 * ({@code pubsub.redis.dead-letter.include-stack-trace}). Cut to 32,000 characters.
	 */
	public static final String STACKTRACE = EntryFormat.DEAD_LETTER_PREFIX + "STACKTRACE";

	/**
	 * What the last failure said, where it is known: the reason that a handler gave when
	 * it rejected the message, else the message of the exception. On one line, with
	 * control characters escaped, about 1,000 characters at most. The messages of the
	 * application's own exceptions may be left out
	 * ({@code pubsub.redis.dead-letter.include-message}); those of the library quote no
	 * values of messages.
	 */
	public static final String MESSAGE = EntryFormat.DEAD_LETTER_PREFIX + "MESSAGE";

	private DeadLetterFormat() {
	}

}
