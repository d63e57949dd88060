package dev.pubsub.redis.annotation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.StreamMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Parameters that may do without a payload.
 */
class OptionalPayloadTests {

	private static final Map<String, String> NOTHING = Map.of("__SOURCE", "cron", "__H_job", "nightly");

	private static final Map<String, String> NULL = Map.of("payload", "null", "__CONTENT_TYPE", "application/json");

	private static final Map<String, String> EMPTY = Map.of("payload", "");

	@ParameterizedTest
	@MethodSource("messagesWithoutPayload")
	void methodIsCalledWithoutPayload(Map<String, String> entry) throws Exception {
		NotRequired notRequired = new NotRequired();
		NullableType nullable = new NullableType();
		OptionalType optional = new OptionalType();
		OptionalMessage message = new OptionalMessage();
		OptionalBatch batch = new OptionalBatch();

		Call.handle(notRequired, entry, Map.of("number", "7"));
		Call.handle(nullable, entry, Map.of("number", "7"));
		Call.handle(optional, entry, Map.of("number", "7"));
		Call.handle(message, entry, Map.of("number", "7"));
		Call.handle(batch, entry, Map.of("number", "7"));

		assertThat(notRequired.orders).containsExactly(null, new Order(7));
		assertThat(nullable.orders).containsExactly(null, new Order(7));
		assertThat(optional.orders).containsExactly(Optional.empty(), Optional.of(new Order(7)));
		assertThat(message.orders).containsExactly(Optional.empty(), Optional.of(new Order(7)));
		assertThat(batch.orders).containsExactly(Optional.empty(), Optional.of(new Order(7)));
	}

	static List<Map<String, String>> messagesWithoutPayload() {
		return List.of(NOTHING, NULL, EMPTY);
	}

	@Test
	void methodIsNotCalledWithoutPayloadThatIsRequired() {
		assertThatExceptionOfType(PayloadConversionException.class).isThrownBy(() -> Call.handle(new Required(), NULL));
	}

	@Test
	void payloadThatCannotBeReadIsNotMissing() {
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> Call.handle(new NotRequired(), Map.of("number", "seven")));
	}

	@Test
	void rawEntryIsNeverMissing() throws Exception {
		Raw raw = new Raw();

		Call.handle(raw, NOTHING);

		assertThat(raw.entries).hasOnlyElementsOfType(EntryFields.class).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(classes = { Primitive.class, OfMessage.class, OfBatch.class })
	void refusesToLeaveOutWhatCannotBeNull(Class<?> listener) {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> Scan.of(listener))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("@Payload(required = false)"))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("Optional"));
	}

	@ParameterizedTest
	@ValueSource(classes = { CronWithPayload.class, CronWithMessage.class, CronWithBatch.class, CronWithHeader.class })
	void refusesCronMethodThatNoFireCanCall(Class<?> listener) {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> Scan.of(listener))
			.satisfies((ex) -> assertThat(ex.getReason()).contains("'cron'", "without a payload"))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("required = false"));
	}

	@Test
	void cronMethodThatFiresCanCallIsAccepted() {
		assertThat(Scan.of(Ticks.class).jobs()).hasSize(5);
	}

	record Order(int number) {

	}

	static class NotRequired {

		private final List<@Nullable Order> orders = new ArrayList<>();

		@StreamSubscribe("s")
		void handle(@Payload(required = false) Order order) {
			this.orders.add(order);
		}

	}

	static class NullableType {

		private final List<@Nullable Order> orders = new ArrayList<>();

		@StreamSubscribe("s")
		void handle(@Nullable Order order) {
			this.orders.add(order);
		}

	}

	static class OptionalType {

		private final List<Optional<Order>> orders = new ArrayList<>();

		@StreamSubscribe("s")
		void handle(Optional<Order> order) {
			this.orders.add(order);
		}

	}

	static class OptionalMessage {

		private final List<Optional<Order>> orders = new ArrayList<>();

		@StreamSubscribe("s")
		void handle(StreamMessage<Optional<Order>> message) {
			this.orders.add(message.payload());
		}

	}

	static class OptionalBatch {

		private final List<Optional<Order>> orders = new ArrayList<>();

		@StreamSubscribe("s")
		void handle(List<Optional<Order>> batch) {
			this.orders.addAll(batch);
		}

	}

	static class Required {

		@StreamSubscribe("s")
		void handle(Order order) {
		}

	}

	static class Raw {

		private final List<@Nullable Object> entries = new ArrayList<>();

		@StreamSubscribe("s")
		void handle(@Payload(required = false) Object entry) {
			this.entries.add(entry);
		}

	}

	static class Primitive {

		@StreamSubscribe("s")
		void handle(@Payload(required = false) int number) {
		}

	}

	static class OfMessage {

		@StreamSubscribe("s")
		void handle(@Payload(required = false) StreamMessage<Order> message) {
		}

	}

	static class OfBatch {

		@StreamSubscribe("s")
		void handle(@Payload(required = false) List<Order> batch) {
		}

	}

	static class CronWithPayload {

		@StreamSubscribe(stream = "s", cron = "@hourly")
		void handle(int number) {
		}

	}

	static class CronWithMessage {

		@StreamSubscribe(stream = "s", cron = "@hourly")
		void handle(StreamMessage<Order> message) {
		}

	}

	static class CronWithBatch {

		@StreamSubscribe(stream = "s", cron = "@hourly")
		void handle(List<Order> batch) {
		}

	}

	static class CronWithHeader {

		@StreamSubscribe(stream = "s", cron = "@hourly")
		void handle(@Header("tenant") String tenant) {
		}

	}

	static class Ticks {

		@StreamSubscribe(stream = "nothing", cron = "@hourly")
		void nothing() {
		}

		@StreamSubscribe(stream = "message", cron = "@hourly")
		void message(StreamMessage<?> message) {
		}

		@StreamSubscribe(stream = "map", cron = "@hourly")
		void map(Map<String, String> fields) {
		}

		@StreamSubscribe(stream = "optional", cron = "@hourly")
		void optional(@Payload(required = false) Integer number) {
		}

		@StreamSubscribe(stream = "header", cron = "@hourly")
		void header(@Header("fire-time") Instant time, @Header(name = "tenant", required = false) String tenant) {
		}

		@StreamSubscribe(stream = "off", cron = "-")
		void off(int number) {
		}

	}

}
