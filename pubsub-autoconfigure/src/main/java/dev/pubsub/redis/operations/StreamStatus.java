package dev.pubsub.redis.operations;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A stream.
 *
 * @param name its name
 * @param exists whether Redis has it
 * @param length number of entries
 * @param groups number of groups, those of other applications too
 * @param firstId id of the first entry, {@code null} when it is empty
 * @param lastId id of the last entry, {@code null} when it is empty
 * @param deadLetterStream name of its default dead-letter stream
 * @param deadLetters number of dead letters in it
 * @param subscriptions ids of the subscriptions of this application
 * @since 0.1.0
 */
public record StreamStatus(String name, boolean exists, long length, long groups, @Nullable String firstId,
		@Nullable String lastId, String deadLetterStream, long deadLetters, List<String> subscriptions) {

	public StreamStatus {
		subscriptions = List.copyOf(subscriptions);
	}

}
