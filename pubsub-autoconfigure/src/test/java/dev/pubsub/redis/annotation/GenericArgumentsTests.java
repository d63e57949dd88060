package dev.pubsub.redis.annotation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.Message;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Methods that are declared in a generic class and called on a bean of a class that says
 * what its variables are.
 */
class GenericArgumentsTests {

	private static final Map<String, String> ANN = Map.of("customer", "ann", "quantity", "2");

	private static final String JSON = "{\"customer\":\"ann\",\"quantity\":2}";

	private static final Order ORDER = new Order("ann", 2);

	@Test
	void variablesAreWhatTheClassOfTheBeanSays() throws Exception {
		assertThat(handled(new OrderPayload())).containsExactly(ORDER);
		assertThat(handled(new OrderMessage())).containsExactly(ORDER);
		assertThat(handled(new OrderSpringMessage())).containsExactly(ORDER);
		assertThat(handled(new OrderBatch())).containsExactly(ORDER);
		assertThat(handled(new OrderMessageBatch())).containsExactly(ORDER);
		assertThat(handled(new OrderGrandchild())).containsExactly(ORDER);
	}

	@Test
	void variablesMayStandForGenericTypesAndStandInside() throws Exception {
		assertThat(handled(new MapPayload())).containsExactly(ANN);
		assertThat(handled(new BatchByVariable())).containsExactly(List.of(ORDER));
		assertThat(handled(new BoxPayload(), "{\"content\":" + JSON + "}")).containsExactly(new Box<>(ORDER));
		assertThat(handled(new ArrayPayload(), "[" + JSON + "]")).containsExactly(ORDER);
	}

	@Test
	void variableThatNobodySaysIsItsBound() throws Exception {
		assertThat(handled(new Bounded<>())).containsExactly(ORDER);
		assertThat(handled(new OfMethod())).containsExactly("2");
		assertThat(handled(new Unbounded<>())).singleElement().isInstanceOf(EntryFields.class);
	}

	private static List<Object> handled(Listener listener, String json) throws Exception {
		Call.handle(listener, Map.of("payload", json, "__CONTENT_TYPE", "application/json"));
		return listener.handled;
	}

	private static List<Object> handled(Listener listener) throws Exception {
		Call.handle(listener, ANN);
		return listener.handled;
	}

	record Order(String customer, int quantity) {

	}

	record Box<T>(T content) {

	}

	abstract static class Listener {

		final List<Object> handled = new ArrayList<>();

	}

	abstract static class OfPayload<T> extends Listener {

		@StreamSubscribe("orders")
		void handle(T payload) {
			this.handled.add(payload);
		}

	}

	static class OrderPayload extends OfPayload<Order> {

	}

	static class MapPayload extends OfPayload<Map<String, String>> {

	}

	abstract static class Child<S> extends OfPayload<S> {

	}

	static class OrderGrandchild extends Child<Order> {

	}

	abstract static class OfMessage<T> extends Listener {

		@StreamSubscribe("orders")
		void handle(StreamMessage<T> message) {
			this.handled.add(message.payload());
		}

	}

	static class OrderMessage extends OfMessage<Order> {

	}

	abstract static class OfSpringMessage<T> extends Listener {

		@StreamSubscribe("orders")
		void handle(Message<T> message) {
			this.handled.add(message.getPayload());
		}

	}

	static class OrderSpringMessage extends OfSpringMessage<Order> {

	}

	abstract static class OfBatch<T> extends Listener {

		@StreamSubscribe("orders")
		void handle(List<T> payloads) {
			this.handled.addAll(payloads);
		}

	}

	static class OrderBatch extends OfBatch<Order> {

	}

	abstract static class OfMessageBatch<T> extends Listener {

		@StreamSubscribe("orders")
		void handle(List<StreamMessage<T>> messages) {
			messages.forEach((message) -> this.handled.add(message.payload()));
		}

	}

	static class OrderMessageBatch extends OfMessageBatch<Order> {

	}

	static class BatchByVariable extends OfPayload<List<Order>> {

	}

	abstract static class OfBox<T> extends Listener {

		@StreamSubscribe("orders")
		void handle(Box<T> box) {
			this.handled.add(box);
		}

	}

	static class BoxPayload extends OfBox<Order> {

	}

	abstract static class OfArray<T> extends Listener {

		@StreamSubscribe("orders")
		void handle(T[] payloads) {
			this.handled.addAll(List.of(payloads));
		}

	}

	static class ArrayPayload extends OfArray<Order> {

	}

	static class Bounded<T extends Order> extends Listener {

		@StreamSubscribe("orders")
		void handle(T payload) {
			this.handled.add(payload);
		}

	}

	static class Unbounded<T> extends Listener {

		@StreamSubscribe("orders")
		void handle(T payload) {
			this.handled.add(payload);
		}

	}

	static class OfMethod extends Listener {

		@StreamSubscribe("orders")
		<T extends Recursive<T>> void handle(T payload) {
			this.handled.add(payload.quantity);
		}

	}

	static class Recursive<T extends Recursive<T>> {

		public String quantity = "";

	}

}
