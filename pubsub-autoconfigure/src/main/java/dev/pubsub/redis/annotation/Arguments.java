package dev.pubsub.redis.annotation;

import java.lang.reflect.Type;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.UnreadableTypeException;
import dev.pubsub.redis.codec.PayloadCodec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.messaging.handler.annotation.support.HeaderMethodArgumentResolver;
import org.springframework.messaging.handler.annotation.support.HeadersMethodArgumentResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.validation.Validator;

/**
 * Knows how to make an argument for each parameter. Thread-safe.
 */
final class Arguments {

	private static final Logger logger = LoggerFactory.getLogger(Arguments.class);

	private static final EntryFields NO_FIELDS = EntryFields.builder().build();

	private final PayloadCodec codec;

	private final @Nullable Validator validator;

	private final ConversionService conversion;

	private final HandlerMethodArgumentResolver header;

	private final HandlerMethodArgumentResolver headers = new HeadersMethodArgumentResolver();

	Arguments(PayloadCodec codec, @Nullable Validator validator, ConfigurableListableBeanFactory beanFactory) {
		this.codec = codec;
		this.validator = validator;
		this.conversion = HeaderConversion.of(beanFactory);
		this.header = new HeaderMethodArgumentResolver(this.conversion, beanFactory);
	}

	/**
	 * Return how to make the argument for a parameter of one message.
	 * @param declaration whose parameter it is
	 * @param parameter the parameter
	 * @return the argument
	 */
	Argument single(Declaration declaration, MethodParameter parameter) {
		if (Signature.isAcknowledgment(parameter)) {
			return Attempt::acknowledgment;
		}
		if (Signature.isHeader(parameter)) {
			refuseInconvertible(declaration, parameter);
			return (attempt) -> this.header.resolveArgument(parameter, attempt.entryMessage());
		}
		if (Signature.isHeaders(parameter)) {
			return (attempt) -> this.headers.resolveArgument(parameter, attempt.entryMessage());
		}
		ResolvableType type = ResolvableType.forMethodParameter(parameter);
		if (Signature.isStreamMessage(type)) {
			PayloadReader reader = reader(declaration, parameter, type.getGeneric());
			return (attempt) -> attempt.message().withPayload(reader.read(attempt.message()));
		}
		if (Signature.isSpringMessage(parameter)) {
			PayloadReader reader = reader(declaration, parameter, type.getGeneric());
			return (attempt) -> new EntryMessage(attempt.message().withPayload(reader.read(attempt.message())));
		}
		Type payload = PayloadType.of(type);
		PayloadReader reader = reader(declaration, parameter, payload, OptionalPayload.of(parameter, payload));
		return (attempt) -> reader.readIfPresent(attempt.message());
	}

	/**
	 * Return how to make one element of a batch.
	 * @param declaration whose parameter it is
	 * @param list the parameter, a list of payloads or messages
	 * @return the argument, asked once per message
	 */
	Argument element(Declaration declaration, MethodParameter list) {
		ResolvableType element = Signature.element(list);
		if (Signature.isStreamMessage(element)) {
			PayloadReader reader = reader(declaration, list, element.getGeneric());
			return (attempt) -> attempt.message().withPayload(reader.read(attempt.message()));
		}
		PayloadReader reader = reader(declaration, list, element);
		return (attempt) -> reader.read(attempt.message());
	}

	private PayloadReader reader(Declaration declaration, MethodParameter parameter, ResolvableType payload) {
		Type type = PayloadType.of(payload);
		return reader(declaration, parameter, type, OptionalPayload.inside(type));
	}

	private PayloadReader reader(Declaration declaration, MethodParameter parameter, Type type,
			OptionalPayload optional) {
		if (!PayloadReader.isRaw(type)) {
			refuseUnreadable(declaration, type);
		}
		return new PayloadReader(this.codec, type, validation(declaration, parameter, type), optional);
	}

	/**
	 * Refuse a header of a type that no text can be converted to.
	 */
	private void refuseInconvertible(Declaration declaration, MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		if (!type.isAssignableFrom(String.class)
				&& !this.conversion.canConvert(TypeDescriptor.valueOf(String.class), new TypeDescriptor(parameter))) {
			throw declaration.invalid(
					"no header can be converted to %s, as headers are texts".formatted(type.getSimpleName()),
					"Define a bean of type Converter<String, %s>, or take a String.".formatted(type.getSimpleName()));
		}
	}

	/**
	 * Refuse a type that nothing can be read as. Other failures are those of an entry
	 * that is empty, and say nothing.
	 */
	private void refuseUnreadable(Declaration declaration, Type type) {
		try {
			this.codec.decode(NO_FIELDS, type);
		}
		catch (UnreadableTypeException ex) {
			throw declaration.invalid("no message can be read as what it takes (%s)".formatted(ex.getMessage()),
					"Take a record, or a class with one public constructor. If it is a bean that you want, "
							+ "give it to the constructor of the listener.",
					ex);
		}
		catch (RuntimeException ex) {
			logger.trace("{} does not take an empty entry", declaration.location(), ex);
		}
	}

	/**
	 * Return the validation that a parameter asks for. Spring MVC has a validator that
	 * supports nothing where there is no other.
	 */
	private @Nullable PayloadValidation validation(Declaration declaration, MethodParameter parameter, Type payload) {
		Object[] hints = PayloadValidation.hints(parameter);
		if (hints == null) {
			return null;
		}
		if (this.validator == null || !this.validator.supports(ResolvableType.forType(payload).resolve(Object.class))) {
			throw declaration.invalid("a parameter is to be validated, but there is no Validator for it",
					"Add spring-boot-starter-validation, or remove @Valid and @Validated. Where there are several "
							+ "Validator beans, mark one of them @Primary.");
		}
		return new PayloadValidation(this.validator, parameter, hints);
	}

}
