package dev.pubsub.redis.annotation;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.listener.Acknowledgment;
import org.jspecify.annotations.Nullable;

/**
 * What the arguments of one call are made of. Confined to one thread.
 */
final class Attempt {

	private final StreamMessage<EntryFields> message;

	private final Acknowledgment acknowledgment;

	private @Nullable EntryMessage entryMessage;

	Attempt(StreamMessage<EntryFields> message, Acknowledgment acknowledgment) {
		this.message = message;
		this.acknowledgment = acknowledgment;
	}

	StreamMessage<EntryFields> message() {
		return this.message;
	}

	Acknowledgment acknowledgment() {
		return this.acknowledgment;
	}

	EntryMessage entryMessage() {
		if (this.entryMessage == null) {
			this.entryMessage = new EntryMessage(this.message);
		}
		return this.entryMessage;
	}

}
