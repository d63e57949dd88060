package dev.pubsub.redis.annotation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.BatchFailureException;
import dev.pubsub.redis.listener.BatchStreamHandler;
import dev.pubsub.redis.listener.StreamHandlerDecorator;
import dev.pubsub.redis.listener.Subscription;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Has a method handle several messages at once. A message that cannot be read fails alone
 * and does not reach the method. Thread-safe.
 */
final class MethodBatchHandler implements BatchStreamHandler, MethodHandler {

	private final ListenerMethod method;

	private final List<MethodParameter> parameters;

	private final Argument element;

	private final boolean takesAcknowledgment;

	private final List<StreamHandlerDecorator> decorators;

	MethodBatchHandler(ListenerMethod method, List<MethodParameter> parameters, Argument element,
			boolean takesAcknowledgment, List<StreamHandlerDecorator> decorators) {
		this.method = method;
		this.parameters = parameters;
		this.element = element;
		this.takesAcknowledgment = takesAcknowledgment;
		this.decorators = decorators;
	}

	@Override
	public Subscription subscription(String stream, String group) {
		BatchStreamHandler handler = this;
		for (int i = this.decorators.size() - 1; i >= 0; i--) {
			handler = this.decorators.get(i).decorateBatch(handler);
		}
		return Subscription.ofBatches(stream, group, handler);
	}

	@Override
	public boolean takesAcknowledgment() {
		return this.takesAcknowledgment;
	}

	@Override
	public void handle(List<StreamMessage<EntryFields>> messages, List<Acknowledgment> acknowledgments)
			throws Exception {
		Map<RecordId, Throwable> failures = new LinkedHashMap<>();
		Map<RecordId, Acknowledgment> readable = new LinkedHashMap<>();
		List<@Nullable Object> elements = new ArrayList<>(messages.size());
		for (int i = 0; i < messages.size(); i++) {
			StreamMessage<EntryFields> message = messages.get(i);
			try {
				elements.add(MethodStreamHandler.resolve(this.element, new Attempt(message, acknowledgments.get(i))));
				readable.put(message.id(), acknowledgments.get(i));
			}
			catch (RuntimeException ex) {
				failures.put(message.id(), ex);
			}
		}
		if (failures.isEmpty()) {
			this.method.call(values(elements, List.copyOf(readable.values())));
			return;
		}
		if (!elements.isEmpty()) {
			call(elements, readable, failures);
		}
		throw new BatchFailureException(failures);
	}

	@Override
	public void rehearse(StreamMessage<EntryFields> message) throws Exception {
		this.element.resolve(new Attempt(message, MethodStreamHandler.NO_ACKNOWLEDGMENT));
	}

	private void call(List<@Nullable Object> elements, Map<RecordId, Acknowledgment> readable,
			Map<RecordId, Throwable> failures) throws InterruptedException {
		try {
			this.method.call(values(elements, List.copyOf(readable.values())));
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			if (Failures.unwrap(ex) instanceof BatchFailureException failure) {
				failures.putAll(failure.getFailures());
			}
			else {
				readable.keySet().forEach((id) -> failures.put(id, ex));
			}
		}
	}

	private @Nullable Object[] values(List<@Nullable Object> elements, List<Acknowledgment> acknowledgments) {
		@Nullable Object[] values = new @Nullable Object[this.parameters.size()];
		for (int i = 0; i < values.length; i++) {
			MethodParameter parameter = this.parameters.get(i);
			if (Signature.isAcknowledgment(parameter)) {
				values[i] = new BatchAcknowledgment(acknowledgments);
			}
			else {
				values[i] = Signature.isAcknowledgments(parameter) ? acknowledgments : elements;
			}
		}
		return values;
	}

}
