package dev.pubsub.redis.internal.redis;

/**
 * How far a group has come, after it was looked at for a loss.
 *
 * @param delivered the last id that counts as delivered: every higher one is still to
 * come
 * @param moved whether the group was created or moved back by that look
 * @param generation number of its last beginning, 0 when none is known
 * @param again id behind which it delivered again what it had delivered before, in the
 * generations that were not known to the consumer, the last delivered one otherwise
 */
public record GroupPosition(EntryId delivered, boolean moved, long generation, EntryId again) {

}
