package dev.pubsub.redis.internal.delivery;

/**
 * Who owns the stream of a subscription that is ordered.
 *
 * @param owner name of the consumer
 * @param token its token
 * @param isHere whether it is a consumer of this process
 * @param standby how many other instances wait
 */
public record OwnershipView(String owner, long token, boolean isHere, int standby) {

}
