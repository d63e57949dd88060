package dev.pubsub.redis.metrics;

import java.util.List;
import java.util.function.Supplier;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.BatchStreamHandler;
import dev.pubsub.redis.listener.StreamHandler;
import dev.pubsub.redis.listener.StreamHandlerDecorator;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

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

	private static final ProcessObservationConvention DEFAULT = new DefaultProcessObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable ProcessObservationConvention convention;

	/**
	 * Create a decorator that uses {@link DefaultProcessObservationConvention}, or one
	 * that the registry has for it.
	 * @param registry gets the observations
	 */
	public ObservedHandlers(ObservationRegistry registry) {
		this(registry, null);
	}

	/**
	 * Create a decorator.
	 * @param registry gets the observations
	 * @param convention names and key values, {@code null} for the default
	 */
	public ObservedHandlers(ObservationRegistry registry, @Nullable ProcessObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public StreamHandler decorate(StreamHandler handler) {
		return this.registry.isNoop() ? handler
				: (message, acknowledgment) -> observe(handler, message, acknowledgment);
	}

	private void observe(StreamHandler handler, StreamMessage<EntryFields> message, Acknowledgment acknowledgment)
			throws Exception {
		Observation observation = observation(() -> ProcessObservationContext.of(message));
		observe(observation, () -> handler.handle(message, acknowledgment));
	}

	/**
	 * Observe batches, too. Their messages may belong to many traces, so that a batch
	 * continues none of them, but is linked with each.
	 */
	@Override
	public BatchStreamHandler decorateBatch(BatchStreamHandler handler) {
		return this.registry.isNoop() ? handler
				: (messages, acknowledgments) -> observe(handler, messages, acknowledgments);
	}

	private void observe(BatchStreamHandler handler, List<StreamMessage<EntryFields>> messages,
			List<Acknowledgment> acknowledgments) throws Exception {
		Observation observation = observation(() -> ProcessObservationContext.ofBatch(messages));
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

	private Observation observation(Supplier<ProcessObservationContext> context) {
		return Observation.createNotStarted(this.convention, DEFAULT, context, this.registry);
	}

}
