package dev.pubsub.redis;

/**
 * Names of the fields that a stream entry carries beside its payload. Names that start
 * with {@value #RESERVED_PREFIX} are reserved: a payload must not use them. Those that a
 * dead letter adds are in {@link DeadLetterFormat}.
 *
 * @since 0.1.0
 */
public final class EntryFormat {

	/**
	 * What every reserved field name starts with.
	 */
	public static final String RESERVED_PREFIX = "__";

	/**
	 * Field of a payload that is not a map: a text, bytes or JSON.
	 */
	public static final String PAYLOAD = "payload";

	/**
	 * Media type of the {@link #PAYLOAD} field.
	 */
	public static final String CONTENT_TYPE = "__CONTENT_TYPE";

	/**
	 * When the entry was published, in milliseconds since the epoch.
	 */
	public static final String PUBLISH_TIME = "__PUBLISH_TIME";

	/**
	 * Who published the entry: {@link #SOURCE_PRODUCER}, {@link #SOURCE_CRON},
	 * {@link #SOURCE_MANUAL} or what another program wrote.
	 */
	public static final String SOURCE = "__SOURCE";

	/**
	 * Source of an entry that a producer published.
	 */
	public static final String SOURCE_PRODUCER = "producer";

	/**
	 * Source of an entry that a cron job fired.
	 */
	public static final String SOURCE_CRON = "cron";

	/**
	 * Source of an entry of a cron job that somebody triggered.
	 */
	public static final String SOURCE_MANUAL = "manual";

	/**
	 * Key of the message, such as the number of a customer. Entries without the field, or
	 * with an empty one, have no key.
	 */
	public static final String KEY = "__KEY";

	/**
	 * What the field name of a user header starts with.
	 */
	public static final String HEADER_PREFIX = "__H_";

	/**
	 * What the names of the fields start with that a dead letter adds.
	 */
	public static final String DEAD_LETTER_PREFIX = "__DLQ_";

	private EntryFormat() {
	}

}
