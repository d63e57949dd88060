package dev.pubsub.redis.internal.redis;

import org.jspecify.annotations.Nullable;

/**
 * What a consumer knows of its group when it looks whether that was lost.
 *
 * @param settled id up to which everything is settled: there a group goes on that does
 * not exist
 * @param back id behind which something is not settled: before that a group goes on that
 * another consumer began again
 * @param missed id behind which a reply may have been lost, {@code null} if none was:
 * there a group goes on that began again since this consumer last looked
 * @param certain whether the group is known to have been lost; otherwise it is moved only
 * where a consumer began it again before
 * @param generation number of the last beginning that this consumer knows, 0 for none
 */
public record KnownProgress(EntryId settled, EntryId back, @Nullable EntryId missed, boolean certain, long generation) {

}
