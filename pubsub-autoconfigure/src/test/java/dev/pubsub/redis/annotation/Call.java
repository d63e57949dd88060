package dev.pubsub.redis.annotation;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.pubsub.redis.Delivery;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.codec.JacksonPayloadCodec;
import dev.pubsub.redis.listener.Acknowledgment;
import jakarta.validation.Validation;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.util.ReflectionUtils;
import org.springframework.validation.beanvalidation.SpringValidatorAdapter;

/**
 * Calls the method {@code handle} of a listener as a container would, without Redis.
 */
final class Call {

	private static final SpringValidatorAdapter VALIDATOR = new SpringValidatorAdapter(
			Validation.buildDefaultValidatorFactory().getValidator());

	private Call() {
	}

	/**
	 * Have a listener handle entries: one call if it takes batches, else one for each.
	 */
	@SafeVarargs
	static void handle(Object listener, Map<String, String>... entries) throws Exception {
		MethodHandler handler = handler(listener);
		List<StreamMessage<EntryFields>> messages = IntStream.range(0, entries.length)
			.mapToObj((i) -> message(i, entries[i]))
			.toList();
		if (handler instanceof MethodBatchHandler batchHandler) {
			batchHandler.handle(messages, messages.stream().<Acknowledgment>map((message) -> new Ignoring()).toList());
			return;
		}
		for (StreamMessage<EntryFields> message : messages) {
			((MethodStreamHandler) handler).handle(message, new Ignoring());
		}
	}

	private static MethodHandler handler(Object listener) {
		Class<?> type = listener.getClass();
		Method method = Arrays.stream(ReflectionUtils.getUniqueDeclaredMethods(type))
			.filter((candidate) -> candidate.getName().equals("handle"))
			.findFirst()
			.orElseThrow();
		StreamSubscribe annotation = method.getAnnotation(StreamSubscribe.class);
		Arguments arguments = new Arguments(JacksonPayloadCodec.create(), VALIDATOR, new DefaultListableBeanFactory());
		return new MethodHandlers(arguments, List.of()).create(new Declaration("listener", type, method, annotation),
				listener);
	}

	private static StreamMessage<EntryFields> message(int index, Map<String, String> fields) {
		return StreamMessage.of(EntryFields.ofText(fields),
				Delivery.of(RecordId.of(1, index), "orders", "billing", "node-1"));
	}

	private static final class Ignoring implements Acknowledgment {

		@Override
		public void acknowledge() {
		}

		@Override
		public void retry() {
		}

		@Override
		public void retry(Duration delay) {
		}

		@Override
		public void reject(String reason) {
		}

		@Override
		public void extend(Duration duration) {
		}

	}

}
