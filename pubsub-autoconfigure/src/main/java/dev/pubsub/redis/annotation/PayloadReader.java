package dev.pubsub.redis.annotation;

import java.lang.reflect.Type;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.codec.PayloadCodec;
import org.jspecify.annotations.Nullable;

/**
 * Reads payloads as the type that a parameter asks for, and validates them if it asks for
 * that. A parameter that does not care ({@code Object}, {@code ?}) gets the raw entry.
 */
final class PayloadReader {

	private final PayloadCodec codec;

	private final Type type;

	private final @Nullable PayloadValidation validation;

	PayloadReader(PayloadCodec codec, Type type, @Nullable PayloadValidation validation) {
		this.codec = codec;
		this.type = type;
		this.validation = validation;
	}

	Object read(StreamMessage<EntryFields> message) {
		Object payload = isRaw(this.type) ? message.payload() : this.codec.decode(message.payload(), this.type);
		if (this.validation != null) {
			this.validation.validate(payload, message);
		}
		return payload;
	}

	/**
	 * Return whether a type is that of the entry itself, which no codec has to read.
	 */
	static boolean isRaw(Type type) {
		return type == Object.class || type == EntryFields.class;
	}

}
