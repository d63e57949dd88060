package dev.pubsub.redis.operations;

import org.jspecify.annotations.Nullable;

/**
 * A consumer group of a stream.
 *
 * @param name its name
 * @param consumers number of consumers
 * @param pending number of entries that were delivered and are not acknowledged
 * @param lag number of entries that were not delivered yet, {@code null} where Redis does
 * not know
 * @param lastDeliveredId id of the entry that was delivered last
 * @param subscription id of the subscription of this application that reads as this
 * group, {@code null} if there is none
 * @since 0.1.0
 */
public record GroupStatus(String name, long consumers, long pending, @Nullable Long lag, String lastDeliveredId,
		@Nullable String subscription) {

}
