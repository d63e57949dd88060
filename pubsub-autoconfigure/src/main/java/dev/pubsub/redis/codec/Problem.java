package dev.pubsub.redis.codec;

import java.util.Map;

import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.UnreadableTypeException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.MismatchedInputException;

/**
 * Says what is wrong with a document without quoting from it: Jackson's own texts do.
 */
final class Problem {

	/** What Jackson says of a class that it cannot make of an object. */
	private static final String NO_CREATOR = "no delegate- or property-based Creator";

	private Problem() {
	}

	static PayloadConversionException notReadable(JavaType type, JacksonException failure) {
		String message = "Cannot read the entry as " + type.toCanonical() + ": " + of(failure);
		return (failure instanceof InvalidDefinitionException) ? new UnreadableTypeException(message)
				: new PayloadConversionException(message);
	}

	static String of(JacksonException failure) {
		StringBuilder text = new StringBuilder(kind(failure));
		if (failure instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
			text.append(", wanted ").append(mismatch.getTargetType().getName());
		}
		if (failure instanceof InvalidDefinitionException) {
			// About the type alone, so there is nothing of the document in it
			text.append(", ").append(failure.getOriginalMessage());
		}
		else if (String.valueOf(failure.getOriginalMessage()).contains(NO_CREATOR)) {
			text.append(", it has no constructor to give the fields to, or several and none with @JsonCreator");
		}
		String path = path(failure);
		return path.isEmpty() ? text.toString() : text.append(", at ").append(path).toString();
	}

	private static String kind(JacksonException failure) {
		return (failure instanceof StreamReadException) ? "not valid JSON" : failure.getClass().getSimpleName();
	}

	/**
	 * Names properties of classes only: the keys of a map are part of the document.
	 */
	private static String path(JacksonException failure) {
		StringBuilder path = new StringBuilder();
		for (JacksonException.Reference step : failure.getPath()) {
			if (step.getPropertyName() == null) {
				path.append("[]");
			}
			else if (step.from() instanceof Map<?, ?> || isMap(step.from())) {
				path.append(".*");
			}
			else {
				path.append((path.length() > 0) ? "." : "").append(step.getPropertyName());
			}
		}
		return path.toString();
	}

	private static boolean isMap(Object from) {
		return from instanceof Class<?> type && Map.class.isAssignableFrom(type);
	}

}
