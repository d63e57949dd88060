package dev.pubsub.redis.annotation;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Set;

import dev.pubsub.redis.StreamMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Conventions;
import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.BeanPropertyBindingResult;
import org.springframework.validation.SmartValidator;
import org.springframework.validation.Validator;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

/**
 * Validates payloads as {@code @Valid} or {@code @Validated} on a parameter asks for.
 */
final class PayloadValidation {

	private final Validator validator;

	private final MethodParameter parameter;

	private final Object[] hints;

	PayloadValidation(Validator validator, MethodParameter parameter, Object[] hints) {
		this.validator = validator;
		this.parameter = parameter;
		this.hints = hints;
	}

	/**
	 * Return what a parameter asks for, on itself or on the payload that it holds, as in
	 * {@code List<@Valid T>}.
	 * @param parameter the parameter
	 * @return the validation hints, {@code null} if it asks for no validation
	 */
	static Object @Nullable [] hints(MethodParameter parameter) {
		Object[] hints = hints(parameter.getParameterAnnotations());
		AnnotatedType type = parameter.getParameter().getAnnotatedType();
		while (hints == null && type instanceof AnnotatedParameterizedType holder && holdsPayload(holder.getType())) {
			type = holder.getAnnotatedActualTypeArguments()[0];
			hints = hints(type.getAnnotations());
		}
		return hints;
	}

	private static boolean holdsPayload(Type type) {
		return type instanceof ParameterizedType parameterized
				&& Set.of(List.class, Collection.class, StreamMessage.class, Message.class)
					.contains(parameterized.getRawType());
	}

	private static Object @Nullable [] hints(Annotation[] annotations) {
		for (Annotation annotation : annotations) {
			Object[] hints = ValidationAnnotationUtils.determineValidationHints(annotation);
			if (hints != null) {
				return hints;
			}
		}
		return null;
	}

	void validate(Object payload, StreamMessage<?> message) {
		BeanPropertyBindingResult result = new BeanPropertyBindingResult(payload, name());
		if (this.hints.length > 0 && this.validator instanceof SmartValidator smartValidator) {
			smartValidator.validate(payload, result, this.hints);
		}
		else {
			this.validator.validate(payload, result);
		}
		if (result.hasErrors()) {
			throw new MethodArgumentNotValidException(new EntryMessage(message), this.parameter,
					WithoutValues.of(result));
		}
	}

	private String name() {
		String name = this.parameter.getParameterName();
		return (name != null) ? name : Conventions.getVariableNameForParameter(this.parameter);
	}

}
