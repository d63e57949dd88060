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
 * @param deadLetters number of its dead letters
 * @param deadLetterStreams where its subscriptions put their dead letters; its default
 * dead-letter stream where there are no subscriptions, or they put none
 * @param subscriptions ids of the subscriptions of this application
 * @param problem why Redis refuses to tell, such as that the key is no stream;
 * {@code null} where it does tell
 * @since 0.1.0
 */
public record StreamStatus(String name, boolean exists, long length, long groups, @Nullable String firstId,
		@Nullable String lastId, long deadLetters, List<DeadLetterStream> deadLetterStreams, List<String> subscriptions,
		@Nullable String problem) {

	public StreamStatus {
		deadLetterStreams = List.copyOf(deadLetterStreams);
		subscriptions = List.copyOf(subscriptions);
	}

}
