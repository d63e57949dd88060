package dev.pubsub.redis.observe;

/**
 * An ordered subscription of this application became the owner of its stream, or lost it.
 * It hands the stream over without such an event when it stops.
 *
 * @param container id of the listener container
 * @param stream the stream
 * @param group consumer group
 * @param owner name of the consumer
 * @param token its token, greater than that of each owner before
 * @param gained whether it owns the stream now; {@code false} where another instance does
 * @since 0.1.0
 */
public record OwnershipChange(String container, String stream, String group, String owner, long token, boolean gained) {

}
