package dev.pubsub.redis.annotation;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Predicate;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.listener.Acknowledgment;

import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.scheduling.annotation.Async;

/**
 * The parameters of a listener method: what each is for, and whether they go together.
 */
final class Signature {

	private static final String PARAMETERS = "Take a payload, StreamMessage<T>, Acknowledgment, @Header, @Headers, "
			+ "or List<T> for batches.";

	private final Declaration declaration;

	private final List<MethodParameter> parameters;

	Signature(Declaration declaration, ListenerMethod method) {
		this.declaration = declaration;
		this.parameters = Arrays.stream(method.getMethodParameters())
			.<MethodParameter>map((parameter) -> parameter.withContainingClass(declaration.beanType()))
			.toList();
		refuseResult(method);
		refuseParameters();
	}

	List<MethodParameter> parameters() {
		return this.parameters;
	}

	/**
	 * Return whether the method takes several messages at once.
	 * @return whether one parameter is a list of payloads or messages
	 */
	boolean isBatch() {
		return this.parameters.stream().anyMatch(Signature::isBatch);
	}

	boolean takesAcknowledgment() {
		return this.parameters.stream()
			.anyMatch((parameter) -> isAcknowledgment(parameter) || isAcknowledgments(parameter));
	}

	static boolean isAcknowledgment(MethodParameter parameter) {
		return parameter.getParameterType() == Acknowledgment.class;
	}

	static boolean isAcknowledgments(MethodParameter parameter) {
		return isList(parameter) && element(parameter).resolve() == Acknowledgment.class;
	}

	static boolean isStreamMessage(ResolvableType type) {
		return type.resolve() == StreamMessage.class;
	}

	static boolean isSpringMessage(MethodParameter parameter) {
		return parameter.getParameterType() == Message.class;
	}

	static boolean isHeader(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(Header.class);
	}

	static boolean isHeaders(MethodParameter parameter) {
		return parameter.hasParameterAnnotation(Headers.class) || parameter.getParameterType() == MessageHeaders.class
				|| MessageHeaderAccessor.class.isAssignableFrom(parameter.getParameterType());
	}

	static ResolvableType element(MethodParameter list) {
		return ResolvableType.forMethodParameter(list).getGeneric();
	}

	private static boolean isList(MethodParameter parameter) {
		Class<?> type = parameter.getParameterType();
		return !isHeader(parameter) && (type == List.class || type == Collection.class);
	}

	static boolean isBatch(MethodParameter parameter) {
		return isList(parameter) && !isAcknowledgments(parameter);
	}

	private static boolean isPayload(MethodParameter parameter) {
		return !isAcknowledgment(parameter) && !isAcknowledgments(parameter) && !isSpringMessage(parameter)
				&& !isHeader(parameter) && !isHeaders(parameter)
				&& !isStreamMessage(ResolvableType.forMethodParameter(parameter));
	}

	private void refuseParameters() {
		refuseExpressions();
		refuseHeadersThatAreNone();
		refuseWhereNothingCanBeMissing();
		List<MethodParameter> payloads = this.parameters.stream().filter(Signature::isPayload).toList();
		boolean annotated = payloads.stream().allMatch((parameter) -> parameter.hasParameterAnnotation(Payload.class));
		if (payloads.size() > 1 && (!annotated || isBatch())) {
			throw this.declaration.invalid(
					"its signature is unusable: parameters %s would all be the payload".formatted(types(payloads)),
					PARAMETERS);
		}
		if (!isBatch()) {
			refuse(Signature::isAcknowledgments, "needs a List of messages beside it");
			return;
		}
		refuse((parameter) -> isHeader(parameter) || isHeaders(parameter) || isSpringMessage(parameter)
				|| isStreamMessage(ResolvableType.forMethodParameter(parameter)),
				"belongs to one message, but the method takes a List of them");
	}

	private void refuseExpressions() {
		for (MethodParameter parameter : this.parameters) {
			Payload payload = parameter.getParameterAnnotation(Payload.class);
			if (payload != null && !payload.expression().isEmpty()) {
				throw this.declaration.invalid(
						"its signature is unusable: nobody evaluates the expression of @Payload(\"%s\")"
							.formatted(payload.expression()),
						"Take the whole payload, as a type of your own, and read the value from it.");
			}
		}
	}

	private void refuseHeadersThatAreNone() {
		for (MethodParameter parameter : this.parameters) {
			Class<?> type = parameter.getParameterType();
			if (isHeaders(parameter) && !Map.class.isAssignableFrom(type)
					&& !MessageHeaderAccessor.class.isAssignableFrom(type)) {
				throw this.declaration.invalid(
						"its signature is unusable: @Headers are no %s".formatted(type.getSimpleName()),
						"Take a Map<String, Object> or MessageHeaders, or one header with @Header.");
			}
		}
	}

	private void refuseWhereNothingCanBeMissing() {
		for (MethodParameter parameter : this.parameters) {
			Class<?> type = parameter.getParameterType();
			if (OptionalPayload.isNotRequired(parameter)
					&& (type.isPrimitive() || !isPayload(parameter) || isBatch(parameter))) {
				throw this.declaration.invalid(
						"its signature is unusable: @Payload(required = false) on %s, which cannot be null"
							.formatted(type.getSimpleName()),
						"Take the payload itself as a type that can be null or as Optional<T>, "
								+ "or StreamMessage<Optional<T>>.");
			}
		}
	}

	private void refuse(Predicate<MethodParameter> parameters, String reason) {
		List<MethodParameter> refused = this.parameters.stream().filter(parameters).toList();
		if (!refused.isEmpty()) {
			throw this.declaration.invalid(
					"its signature is unusable: parameter %s %s".formatted(types(refused), reason),
					"Take List<StreamMessage<T>> for a batch with headers, or one message at a time.");
		}
	}

	private void refuseResult(ListenerMethod method) {
		if (KotlinDetector.isSuspendingFunction(method.getMethod())) {
			throw this.declaration.invalid("it is a suspending function, which nobody would resume",
					"Return a CompletionStage, or wrap the body in runBlocking.");
		}
		Class<?> result = method.getReturnType().getParameterType();
		if (isAsync() && !CompletableFuture.class.isAssignableFrom(result)) {
			throw this.declaration.invalid("it is @Async, so messages would be acknowledged before the work is done",
					"Remove @Async, since handlers have threads of their own, or return a CompletableFuture.");
		}
		if (CompletionStage.class.isAssignableFrom(result)) {
			return;
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(result);
		if (adapter != null || Future.class.isAssignableFrom(result)) {
			throw this.declaration.invalid(
					"it returns %s, which nobody would wait for".formatted(result.getSimpleName()),
					"Return a CompletionStage, such as mono.toFuture(), or nothing.");
		}
	}

	private boolean isAsync() {
		return AnnotatedElementUtils.hasAnnotation(this.declaration.method(), Async.class)
				|| AnnotatedElementUtils.hasAnnotation(this.declaration.beanType(), Async.class);
	}

	private static String types(List<MethodParameter> parameters) {
		return parameters.stream().map((parameter) -> parameter.getParameterType().getSimpleName()).toList().toString();
	}

}
