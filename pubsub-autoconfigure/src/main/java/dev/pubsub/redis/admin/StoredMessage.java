package dev.pubsub.redis.admin;

import dev.pubsub.redis.EntryFields;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * An entry of a stream, outside any delivery.
 *
 * @param id id of the entry
 * @param fields its fields, reserved ones included
 * @since 0.1.0
 */
public record StoredMessage(RecordId id, EntryFields fields) {

}
