package dev.pubsub.redis.metrics;

import java.util.List;
import java.util.Map;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.BatchStreamHandler;
import dev.pubsub.redis.listener.StreamHandler;
import dev.pubsub.redis.listener.StreamHandlerDecorator;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/**
 * Observes each call of a handler ({@value #NAME}), as part of the trace that the
 * message's headers tell of.
 *
 * @since 0.1.0
 */
public final class ObservedHandlers implements StreamHandlerDecorator {

	/**
	 * Name of the observation.
	 */
	public static final String NAME = "pubsub.process";

	private final ObservationRegistry registry;

	public ObservedHandlers(ObservationRegistry registry) {
		this.registry = registry;
	}

	@Override
	public StreamHandler decorate(StreamHandler handler) {
		return this.registry.isNoop() ? handler
				: (message, acknowledgment) -> observe(handler, message, acknowledgment);
	}

	private void observe(StreamHandler handler, StreamMessage<EntryFields> message, Acknowledgment acknowledgment)
			throws Exception {
		Observation observation = Observation.createNotStarted(NAME, () -> context(message), this.registry)
			.contextualName(message.stream() + " process")
			.lowCardinalityKeyValues(keyValues(message))
			.highCardinalityKeyValue("messaging.message.id", message.id().getValue());
		observe(observation, () -> handler.handle(message, acknowledgment));
	}

	/**
	 * Observe batches, too. Their messages may belong to many traces, so that a batch
	 * continues none of them.
	 */
	@Override
	public BatchStreamHandler decorateBatch(BatchStreamHandler handler) {
		return this.registry.isNoop() ? handler
				: (messages, acknowledgments) -> observe(handler, messages, acknowledgments);
	}

	private void observe(BatchStreamHandler handler, List<StreamMessage<EntryFields>> messages,
			List<Acknowledgment> acknowledgments) throws Exception {
		StreamMessage<EntryFields> first = messages.get(0);
		Observation observation = Observation.createNotStarted(NAME, this.registry)
			.contextualName(first.stream() + " process")
			.lowCardinalityKeyValues(keyValues(first))
			.highCardinalityKeyValue("messaging.batch.message_count", Integer.toString(messages.size()));
		observe(observation, () -> handler.handle(messages, acknowledgments));
	}

	/**
	 * As the observation would do it, but with the failure that is reported elsewhere.
	 */
	private static void observe(Observation observation, Observation.CheckedRunnable<Exception> call) throws Exception {
		observation.start();
		Observation.Scope scope = observation.openScope();
		try {
			call.run();
		}
		catch (Throwable ex) {
			observation.error(Failures.unwrap(ex));
			throw ex;
		}
		finally {
			scope.close();
			observation.stop();
		}
	}

	private static KeyValues keyValues(StreamMessage<?> message) {
		return KeyValues.of("messaging.system", "redis", "messaging.operation", "process", "messaging.destination.name",
				message.stream(), "messaging.consumer.group.name", message.group());
	}

	private static ReceiverContext<Map<String, String>> context(StreamMessage<?> message) {
		ReceiverContext<Map<String, String>> context = new ReceiverContext<>(Map::get, Kind.CONSUMER);
		context.setCarrier(message.headers());
		context.setRemoteServiceName("redis");
		return context;
	}

}
