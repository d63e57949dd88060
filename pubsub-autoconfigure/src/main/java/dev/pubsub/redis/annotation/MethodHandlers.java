package dev.pubsub.redis.annotation;

import java.util.List;

import dev.pubsub.redis.listener.StreamHandlerDecorator;

import org.springframework.core.MethodParameter;

/**
 * Makes handlers of methods.
 */
final class MethodHandlers {

	private final Arguments arguments;

	private final List<StreamHandlerDecorator> decorators;

	MethodHandlers(Arguments arguments, List<StreamHandlerDecorator> decorators) {
		this.arguments = arguments;
		this.decorators = decorators;
	}

	/**
	 * Return a handler that calls the declared method.
	 * @param declaration where it is declared
	 * @param bean the bean to call it on, maybe a proxy
	 * @return the handler
	 */
	MethodHandler create(Declaration declaration, Object bean) {
		ListenerMethod method = new ListenerMethod(bean, InvocableMethod.of(declaration, bean));
		Signature signature = new Signature(declaration, method);
		List<MethodParameter> parameters = signature.parameters();
		if (signature.isBatch()) {
			MethodParameter list = parameters.stream().filter(Signature::isBatch).findFirst().orElseThrow();
			return new MethodBatchHandler(method, parameters, this.arguments.element(declaration, list),
					signature.takesAcknowledgment(), this.decorators);
		}
		List<Argument> single = parameters.stream()
			.map((parameter) -> this.arguments.single(declaration, parameter))
			.toList();
		return new MethodStreamHandler(method, single, signature.takesAcknowledgment(), this.decorators);
	}

}
