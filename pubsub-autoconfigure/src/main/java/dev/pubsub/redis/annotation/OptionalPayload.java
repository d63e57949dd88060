package dev.pubsub.redis.annotation;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.handler.annotation.Payload;

/**
 * Whether a parameter may do without a payload, and what it gets then: it takes an
 * {@link Optional}, is nullable, or says {@code @Payload(required = false)}.
 */
final class OptionalPayload {

	private static final byte[] RESERVED = EntryFormat.RESERVED_PREFIX.getBytes(StandardCharsets.US_ASCII);

	private final boolean allowed;

	private final @Nullable Object missing;

	private OptionalPayload(boolean allowed, @Nullable Object missing) {
		this.allowed = allowed;
		this.missing = missing;
	}

	/**
	 * Return what a parameter allows that is the payload.
	 */
	static OptionalPayload of(MethodParameter parameter, Type payload) {
		OptionalPayload inside = inside(payload);
		return new OptionalPayload(inside.allowed || isNotRequired(parameter) || parameter.isOptional(),
				inside.missing);
	}

	/**
	 * Return what a parameter allows that holds payloads, such as a message or a list.
	 */
	static OptionalPayload inside(Type payload) {
		boolean optional = ResolvableType.forType(payload).resolve() == Optional.class;
		return new OptionalPayload(optional, optional ? Optional.empty() : null);
	}

	/**
	 * Return whether it says {@code @Payload(required = false)}.
	 */
	static boolean isNotRequired(MethodParameter parameter) {
		Payload payload = parameter.getParameterAnnotation(Payload.class);
		return payload != null && !payload.required();
	}

	/**
	 * Return whether an entry has no payload at all, as the messages of cron jobs.
	 */
	static boolean isMissing(EntryFields fields) {
		boolean[] missing = { true };
		fields.forEach((name, value) -> missing[0] &= isReserved(name));
		return missing[0];
	}

	private static boolean isReserved(byte[] name) {
		return name.length >= RESERVED.length && Arrays.equals(name, 0, RESERVED.length, RESERVED, 0, RESERVED.length);
	}

	boolean isAllowed() {
		return this.allowed;
	}

	@Nullable Object missing() {
		return this.missing;
	}

}
