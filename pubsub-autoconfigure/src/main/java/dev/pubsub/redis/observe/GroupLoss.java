package dev.pubsub.redis.observe;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * A consumer group that was gone, with its stream or alone, and was created again by this
 * application.
 *
 * @param container id of the listener container
 * @param stream stream of the group
 * @param group the group
 * @param after the last id that the new group counts as read; zero when it begins with
 * the first entry
 * @since 0.1.0
 */
public record GroupLoss(String container, String stream, String group, RecordId after) {

}
