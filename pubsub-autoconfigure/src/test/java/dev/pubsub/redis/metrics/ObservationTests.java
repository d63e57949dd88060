package dev.pubsub.redis.metrics;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

import dev.pubsub.redis.Delivery;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.BatchStreamHandler;
import dev.pubsub.redis.listener.StreamHandler;
import dev.pubsub.redis.producer.PublishOptions;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

class ObservationTests {

	private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final Acknowledgment acknowledgment = mock(Acknowledgment.class);

	@Test
	void handlerRunsInTheTraceOfItsMessage() throws Exception {
		TraceReader reader = new TraceReader();
		this.registry.observationConfig().observationHandler(reader);
		AtomicReference<@Nullable Observation> current = new AtomicReference<>();
		StreamHandler handler = new ObservedHandlers(this.registry)
			.decorate((message, ack) -> current.set(this.registry.getCurrentObservation()));

		handler.handle(message(), this.acknowledgment);

		assertThat(current.get()).isNotNull();
		assertThat(reader.trace).isEqualTo(TRACE);
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasObservationWithNameEqualTo("pubsub.process")
			.that()
			.hasBeenStopped()
			.hasContextualNameEqualTo("process orders")
			.hasLowCardinalityKeyValue("messaging.destination.name", "orders")
			.hasLowCardinalityKeyValue("messaging.consumer.group.name", "billing")
			.hasHighCardinalityKeyValue("messaging.message.id", "1-0");
	}

	@Test
	void batchIsObservedAsAWhole() throws Exception {
		BatchStreamHandler handler = new ObservedHandlers(this.registry).decorateBatch((messages, acks) -> {
		});

		handler.handle(List.of(message(), message()), List.of(this.acknowledgment, this.acknowledgment));

		TestObservationRegistryAssert.assertThat(this.registry)
			.hasNumberOfObservationsEqualTo(1)
			.hasObservationWithNameEqualTo("pubsub.process")
			.that()
			.hasBeenStopped()
			.doesNotHaveParentObservation()
			.hasLowCardinalityKeyValue("messaging.destination.name", "orders")
			.hasHighCardinalityKeyValue("messaging.batch.message_count", "2");
	}

	@Test
	void failureOfHandlerIsObservedAndThrown() {
		StreamHandler handler = new ObservedHandlers(this.registry).decorate((message, ack) -> {
			throw new IllegalStateException("no stock");
		});

		assertThatIllegalStateException().isThrownBy(() -> handler.handle(message(), this.acknowledgment))
			.withMessage("no stock");
		TestObservationRegistryAssert.assertThat(this.registry).hasSingleObservationThat().hasError();
	}

	@Test
	void failureIsObservedWithoutTheWrapperOfAFuture() {
		StreamHandler handler = new ObservedHandlers(this.registry).decorate((message, ack) -> {
			throw new ExecutionException(new IOException("no disk"));
		});

		assertThatException().isThrownBy(() -> handler.handle(message(), this.acknowledgment))
			.isInstanceOf(ExecutionException.class);
		TestObservationRegistryAssert.assertThat(this.registry)
			.hasSingleObservationThat()
			.thenError()
			.isInstanceOf(IOException.class);
	}

	@Test
	void handlerStaysAsItIsWithoutAnyObservationHandler() {
		StreamHandler handler = (message, ack) -> {
		};

		assertThat(new ObservedHandlers(ObservationRegistry.NOOP).decorate(handler)).isSameAs(handler);
	}

	@Test
	void publishingWritesTheTraceIntoTheHeaders() {
		this.registry.observationConfig().observationHandler(new TraceWriter());

		PublishOptions options = new ObservedPublishing(this.registry).beforePublish("orders", "payload",
				PublishOptions.defaults().withHeader("tenant", "acme"));

		assertThat(options.headers())
			.containsExactlyInAnyOrderEntriesOf(Map.of("tenant", "acme", "traceparent", TRACE));
	}

	@Test
	void publishingKeepsTheTraceThatTheCallerGave() {
		this.registry.observationConfig().observationHandler(new TraceWriter());

		PublishOptions options = new ObservedPublishing(this.registry).beforePublish("orders", "payload",
				PublishOptions.defaults().withHeader("traceparent", "mine"));

		assertThat(options.headers()).containsEntry("traceparent", "mine");
	}

	private static StreamMessage<EntryFields> message() {
		return StreamMessage.of(EntryFields.ofText(Map.of("name", "dog", "__H_traceparent", TRACE)),
				Delivery.of(RecordId.of("1-0"), "orders", "billing", "me"));
	}

	/**
	 * Does what a tracer does on the receiving side.
	 */
	private static final class TraceReader implements ObservationHandler<ReceiverContext<Object>> {

		private @Nullable String trace;

		@Override
		public void onStart(ReceiverContext<Object> context) {
			this.trace = context.getGetter().get(context.getCarrier(), "traceparent");
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof ReceiverContext;
		}

	}

	/**
	 * Does what a tracer does on the sending side.
	 */
	private static final class TraceWriter implements ObservationHandler<SenderContext<Object>> {

		@Override
		public void onStart(SenderContext<Object> context) {
			context.getSetter().set(context.getCarrier(), "traceparent", TRACE);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof SenderContext;
		}

	}

}
