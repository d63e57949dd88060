package dev.pubsub.redis.autoconfigure;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.Delivery;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.listener.Acknowledgment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

class HandlerLoggingContextTests {

	private final HandlerLoggingContext context = new HandlerLoggingContext();

	private final StreamMessage<EntryFields> message = StreamMessage.of(EntryFields.of(),
			Delivery.of(RecordId.of("1-0"), "orders", "billing", "me"));

	private final Acknowledgment acknowledgment = mock(Acknowledgment.class);

	private final Map<String, String> keys = new HashMap<>();

	@Test
	void keysAreThereWhileTheHandlerRuns() throws Exception {
		this.context.decorate((any, ack) -> this.keys.putAll(MDC.getCopyOfContextMap()))
			.handle(this.message, this.acknowledgment);

		assertThat(this.keys).containsEntry("pubsub.stream", "orders")
			.containsEntry("pubsub.id", "1-0")
			.containsEntry("pubsub.attempt", "1");
		assertThatNothingIsLeft();
	}

	@Test
	void keysAreGoneAfterAFailure() {
		assertThatIllegalStateException().isThrownBy(() -> this.context.decorate((any, ack) -> {
			throw new IllegalStateException("no stock");
		}).handle(this.message, this.acknowledgment));

		assertThatNothingIsLeft();
	}

	@Test
	void batchHasTheIdOfItsFirstMessage() throws Exception {
		this.context.decorateBatch((any, acks) -> this.keys.putAll(MDC.getCopyOfContextMap()))
			.handle(List.of(this.message), List.of(this.acknowledgment));

		assertThat(this.keys).containsEntry("pubsub.stream", "orders")
			.containsEntry("pubsub.id", "1-0")
			.doesNotContainKey("pubsub.attempt");
		assertThatNothingIsLeft();
	}

	@Test
	void keysOfTheHandlerDoNotStayForTheNextMessage() throws Exception {
		this.context.decorate((any, ack) -> MDC.put("customer", "7")).handle(this.message, this.acknowledgment);
		assertThat(MDC.get("customer")).isNull();

		this.context.decorateBatch((any, acks) -> MDC.put("customer", "7"))
			.handle(List.of(this.message), List.of(this.acknowledgment));
		assertThat(MDC.get("customer")).isNull();
	}

	@Test
	void keysFromBeforeAreThereForTheHandlerAndAfterIt() throws Exception {
		MDC.put("traceId", "4bf9");

		this.context.decorate((any, ack) -> {
			this.keys.putAll(MDC.getCopyOfContextMap());
			MDC.put("customer", "7");
		}).handle(this.message, this.acknowledgment);

		assertThat(this.keys).containsEntry("traceId", "4bf9").containsEntry("pubsub.id", "1-0");
		assertThat(MDC.getCopyOfContextMap()).containsOnly(Map.entry("traceId", "4bf9"));
	}

	@AfterEach
	void clear() {
		MDC.clear();
	}

	private static void assertThatNothingIsLeft() {
		assertThat(MDC.get("pubsub.stream")).isNull();
		assertThat(MDC.get("pubsub.id")).isNull();
		assertThat(MDC.get("pubsub.attempt")).isNull();
	}

}
