package dev.pubsub.redis.annotation;

import java.util.List;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.StreamHandler;
import dev.pubsub.redis.listener.StreamHandlerDecorator;
import dev.pubsub.redis.listener.Subscription;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;

/**
 * Has a method handle one message at a time. Thread-safe.
 */
final class MethodStreamHandler implements StreamHandler, MethodHandler {

	static final Acknowledgment NO_ACKNOWLEDGMENT = new BatchAcknowledgment(List.of());

	private final ListenerMethod method;

	private final Argument[] arguments;

	private final boolean takesAcknowledgment;

	private final List<StreamHandlerDecorator> decorators;

	MethodStreamHandler(ListenerMethod method, List<Argument> arguments, boolean takesAcknowledgment,
			List<StreamHandlerDecorator> decorators) {
		this.method = method;
		this.arguments = arguments.toArray(new Argument[0]);
		this.takesAcknowledgment = takesAcknowledgment;
		this.decorators = decorators;
	}

	@Override
	public Subscription subscription(String stream, String group) {
		StreamHandler handler = this;
		for (int i = this.decorators.size() - 1; i >= 0; i--) {
			handler = this.decorators.get(i).decorate(handler);
		}
		return Subscription.of(stream, group, handler);
	}

	@Override
	public boolean takesAcknowledgment() {
		return this.takesAcknowledgment;
	}

	@Override
	public void handle(StreamMessage<EntryFields> message, Acknowledgment acknowledgment) throws Exception {
		Attempt attempt = new Attempt(message, acknowledgment);
		@Nullable Object[] values = new @Nullable Object[this.arguments.length];
		for (int i = 0; i < values.length; i++) {
			values[i] = resolve(this.arguments[i], attempt);
		}
		this.method.call(values);
	}

	@Override
	public void rehearse(StreamMessage<EntryFields> message) throws Exception {
		Attempt attempt = new Attempt(message, NO_ACKNOWLEDGMENT);
		for (Argument argument : this.arguments) {
			argument.resolve(attempt);
		}
	}

	/**
	 * Make an argument. Whatever keeps it from being made will do so the next time too.
	 * @param argument the argument to make
	 * @param attempt what to make it of
	 * @return the argument
	 */
	static @Nullable Object resolve(Argument argument, Attempt attempt) {
		try {
			return argument.resolve(attempt);
		}
		catch (PayloadConversionException | MethodArgumentNotValidException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new PayloadConversionException(
					"Cannot read what the handler asks for: " + WithoutValues.describe(ex));
		}
	}

}
