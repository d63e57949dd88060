package dev.pubsub.redis.admin;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * How much is pending in a group.
 *
 * @param total number of pending entries
 * @param lowest lowest id, {@code null} when nothing is pending
 * @param highest highest id, {@code null} when nothing is pending
 * @param byConsumer number of pending entries of each consumer that has some
 * @since 0.1.0
 */
public record PendingSummary(long total, @Nullable RecordId lowest, @Nullable RecordId highest,
		Map<String, Long> byConsumer) {

	public PendingSummary {
		byConsumer = Map.copyOf(byConsumer);
	}

}
