package dev.pubsub.redis.operations;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A message that was given up.
 *
 * @param id its id in the dead-letter stream
 * @param stream the stream that it says it comes from
 * @param originalId the id that it had in its stream
 * @param time when it was given up
 * @param group the group that gave it up
 * @param consumer the consumer that gave it up
 * @param attempts how often it was attempted
 * @param reason why it was given up, see {@link dev.pubsub.redis.DeadLetterFormat#REASON}
 * @param exception class of the last failure, {@code null} where it is unknown
 * @param message what the last failure said, {@code null} where it is unknown
 * @param bytes size of its fields
 * @param redrivable whether there is a message in it
 * @param stackTrace stack trace of the last failure, {@code null} where payloads are
 * hidden and where it was not kept
 * @param fields fields of the message, {@code null} where payloads are hidden
 * @since 0.1.0
 */
public record DeadLetterStatus(String id, String stream, String originalId, Instant time, String group, String consumer,
		int attempts, String reason, @Nullable String exception, @Nullable String message, long bytes,
		boolean redrivable, @Nullable String stackTrace, @Nullable List<FieldStatus> fields) {

}
