package dev.pubsub.redis.internal.redis;

import org.jspecify.annotations.Nullable;

/**
 * Where dead letters go.
 *
 * @param stream key of the dead-letter stream, in the slot of the stream, or {@code null}
 * to acknowledge only
 * @param maxLength greatest length of the dead-letter stream, about; 0 for no limit
 * @param deletesOriginal whether the entry is deleted from its stream, as others are that
 * are acknowledged
 */
public record DeadLetterPlace(@Nullable String stream, long maxLength, boolean deletesOriginal) {

	DeadLetterPlace withoutStream() {
		return new DeadLetterPlace(null, 0, this.deletesOriginal);
	}

}
