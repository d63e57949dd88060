package dev.pubsub.redis.observe;

/**
 * An ordered subscription of this application became the owner of its stream or of a
 * partition, lost it, or gave the partition back to share evenly with other instances. It
 * hands over what it owns without such an event when it stops.
 *
 * @param container id of the listener container
 * @param stream the stream, or the partition
 * @param group consumer group
 * @param owner name of the consumer
 * @param token its token, greater than that of each owner before
 * @param gained whether it owns the stream now; {@code false} where it does not any more
 * @since 0.1.0
 */
public record OwnershipChange(String container, String stream, String group, String owner, long token, boolean gained) {

}
