package dev.pubsub.redis.internal.redis;

/**
 * An entry that was delivered and not acknowledged.
 *
 * @param id id of the entry
 * @param consumer who owns it
 * @param idleMillis milliseconds since its last delivery or renewal
 * @param deliveries how often it was delivered
 */
public record PendingEntry(EntryId id, String consumer, long idleMillis, int deliveries) {

	static int deliveries(long number) {
		return (int) Math.min(Integer.MAX_VALUE, number);
	}

}
