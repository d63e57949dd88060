package dev.pubsub.redis.annotation;

import java.util.Map;

import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.support.MethodArgumentTypeMismatchException;
import org.springframework.validation.BindingResult;
import org.springframework.validation.FieldError;
import org.springframework.validation.MapBindingResult;
import org.springframework.validation.ObjectError;

/**
 * Failures without the values that caused them: they come from messages, and exceptions
 * go to logs.
 */
final class WithoutValues {

	private static final String WITHHELD = "(withheld)";

	private WithoutValues() {
	}

	static BindingResult of(BindingResult result) {
		BindingResult safe = new MapBindingResult(Map.of(), result.getObjectName());
		for (ObjectError error : result.getAllErrors()) {
			safe.addError((error instanceof FieldError field) ? of(field) : error);
		}
		return safe;
	}

	private static FieldError of(FieldError error) {
		return new FieldError(error.getObjectName(), error.getField(), WITHHELD, error.isBindingFailure(),
				error.getCodes(), error.getArguments(), error.getDefaultMessage());
	}

	/**
	 * Say why an argument could not be made.
	 */
	static String describe(Exception failure) {
		if (failure instanceof MethodArgumentTypeMismatchException) {
			return "a value is of another type";
		}
		if (failure instanceof ConversionFailedException conversion) {
			return describe(conversion.getTargetType());
		}
		if (failure instanceof ConversionException || failure instanceof IllegalArgumentException) {
			return failure.getClass().getSimpleName();
		}
		return String.valueOf(failure.getMessage());
	}

	private static String describe(TypeDescriptor wanted) {
		Header header = wanted.getAnnotation(Header.class);
		if (header == null) {
			return "a value is no " + wanted.getResolvableType();
		}
		String name = header.name().isEmpty() ? header.value() : header.name();
		return "the header \"%s\" is no %s".formatted(name, wanted.getResolvableType());
	}

}
