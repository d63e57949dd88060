package dev.pubsub.redis.annotation;

import java.lang.reflect.Type;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.MissingPayloadException;
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

	private final OptionalPayload optional;

	PayloadReader(PayloadCodec codec, Type type, @Nullable PayloadValidation validation, OptionalPayload optional) {
		this.codec = codec;
		this.type = type;
		this.validation = validation;
		this.optional = optional;
	}

	/**
	 * Read the payload of a message.
	 * @return the payload
	 */
	Object read(StreamMessage<EntryFields> message) {
		Object payload = readIfPresent(message);
		if (payload == null) {
			throw new MissingPayloadException("The payload is null");
		}
		return payload;
	}

	/**
	 * Read the payload of a message.
	 * @return the payload, {@code null} if there is none and the parameter may do without
	 */
	@Nullable Object readIfPresent(StreamMessage<EntryFields> message) {
		EntryFields fields = message.payload();
		if (isRaw(this.type)) {
			return validated(fields, message);
		}
		if (!this.optional.isAllowed()) {
			return validated(this.codec.decode(fields, this.type), message);
		}
		if (OptionalPayload.isMissing(fields)) {
			return this.optional.missing();
		}
		try {
			return validated(this.codec.decode(fields, this.type), message);
		}
		catch (MissingPayloadException ex) {
			return this.optional.missing();
		}
	}

	private Object validated(Object payload, StreamMessage<EntryFields> message) {
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
