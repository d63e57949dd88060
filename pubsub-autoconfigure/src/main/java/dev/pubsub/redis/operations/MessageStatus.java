package dev.pubsub.redis.operations;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A message in a stream.
 *
 * @param id its id
 * @param time when it was added, by its id
 * @param bytes size of its fields
 * @param fields its fields, {@code null} where payloads are hidden
 * @since 0.1.0
 */
public record MessageStatus(String id, Instant time, long bytes, @Nullable List<FieldStatus> fields) {

}
