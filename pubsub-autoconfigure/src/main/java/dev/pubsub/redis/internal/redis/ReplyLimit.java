package dev.pubsub.redis.internal.redis;

/**
 * How much of what was asked for a reply brings, in bytes. What is left out stays
 * pending, and can be asked for again.
 *
 * @param entry greatest size of one entry
 * @param all size of all entries from which on no more are added
 * @param apart most entries whose payloads come apart from the script that gives them
 * out, 0 where it brings them along. That costs a round trip, and is worth it where they
 * are large: the server stands still for many times longer while a script has them.
 * @param small whether entries are known to be so small that the payloads of many may be
 * asked for together, beside the script: it takes the server twice as long to bring them
 */
public record ReplyLimit(long entry, long all, int apart, boolean small) {

	/**
	 * What a name or a value takes beside its bytes.
	 */
	static final int TEXT_OVERHEAD = 16;

	/**
	 * No payload at all.
	 */
	public static final ReplyLimit NO_PAYLOAD = new ReplyLimit(0, 1, 0, false);

	/**
	 * No limit.
	 */
	public static final ReplyLimit NONE = new ReplyLimit(Long.MAX_VALUE / 2, Long.MAX_VALUE / 2, 0, false);

}
