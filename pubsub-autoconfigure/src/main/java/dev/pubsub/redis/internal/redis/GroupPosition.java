package dev.pubsub.redis.internal.redis;

/**
 * How far a group has come, after it was looked at for a loss.
 *
 * @param delivered the last id that counts as delivered: every higher one is still to
 * come
 * @param moved whether the group was created or moved back by that look
 */
public record GroupPosition(EntryId delivered, boolean moved) {

}
