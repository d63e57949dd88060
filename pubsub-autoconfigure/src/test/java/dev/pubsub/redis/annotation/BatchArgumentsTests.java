package dev.pubsub.redis.annotation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.listener.BatchFailureException;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the elements of a batch are.
 */
class BatchArgumentsTests {

	private static final Map<String, String> ANN = Map.of("customer", "ann", "quantity", "2");

	private static final Map<String, String> NOTHING = Map.of("customer", "bob", "quantity", "0");

	private static final Order ORDER = new Order("ann", 2);

	@Test
	void elementsAreReadAsTheirType() throws Exception {
		assertThat(handled(new Orders())).containsExactly(ORDER);
		assertThat(handled(new OrderCollection())).containsExactly(ORDER);
		assertThat(handled(new WildcardOrders())).containsExactly(ORDER);
		assertThat(handled(new Maps())).containsExactly(ANN);
		assertThat(handled(new Messages())).containsExactly(ORDER);
		assertThat(handled(new Texts())).singleElement().asString().contains("\"customer\":\"ann\"");
	}

	@Test
	void elementsOfAnyTypeAreRawEntries() throws Exception {
		assertThat(handled(new Anything())).singleElement().isInstanceOf(EntryFields.class);
		assertThat(handled(new RawList())).singleElement().isInstanceOf(EntryFields.class);
	}

	@ParameterizedTest
	@MethodSource
	void elementsAreValidatedOneByOne(Listener listener) {
		assertThatExceptionOfType(BatchFailureException.class).isThrownBy(() -> Call.handle(listener, ANN, NOTHING))
			.satisfies((failure) -> {
				assertThat(failure.getFailures()).containsOnlyKeys(RecordId.of(1, 1));
				assertThat(failure.getFailures().values()).singleElement()
					.isInstanceOf(MethodArgumentNotValidException.class);
			});

		assertThat(listener.handled).containsExactly(ORDER);
	}

	static Stream<Listener> elementsAreValidatedOneByOne() {
		return Stream.of(new ValidList(), new ValidatedList(), new ListOfValid(), new ListOfValidMessages());
	}

	private static List<Object> handled(Listener listener) throws Exception {
		Call.handle(listener, ANN);
		return listener.handled;
	}

	record Order(String customer, @Min(1) int quantity) {

	}

	abstract static class Listener {

		final List<Object> handled = new ArrayList<>();

	}

	static class Orders extends Listener {

		@StreamSubscribe("orders")
		void handle(List<Order> orders) {
			for (Order order : orders) {
				this.handled.add(order);
			}
		}

	}

	static class OrderCollection extends Listener {

		@StreamSubscribe("orders")
		void handle(Collection<Order> orders) {
			this.handled.addAll(orders);
		}

	}

	static class WildcardOrders extends Listener {

		@StreamSubscribe("orders")
		void handle(List<? extends Order> orders) {
			this.handled.addAll(orders);
		}

	}

	static class Maps extends Listener {

		@StreamSubscribe("orders")
		void handle(List<Map<String, String>> orders) {
			this.handled.addAll(orders);
		}

	}

	static class Messages extends Listener {

		@StreamSubscribe("orders")
		void handle(List<StreamMessage<Order>> orders) {
			orders.forEach((order) -> this.handled.add(order.payload()));
		}

	}

	static class Texts extends Listener {

		@StreamSubscribe("orders")
		void handle(List<String> orders) {
			this.handled.addAll(orders);
		}

	}

	static class Anything extends Listener {

		@StreamSubscribe("orders")
		void handle(List<?> orders) {
			this.handled.addAll(orders);
		}

	}

	static class RawList extends Listener {

		@StreamSubscribe("orders")
		@SuppressWarnings({ "rawtypes", "unchecked" })
		void handle(List orders) {
			this.handled.addAll(orders);
		}

	}

	static class ValidList extends Listener {

		@StreamSubscribe("orders")
		void handle(@Valid List<Order> orders) {
			this.handled.addAll(orders);
		}

	}

	static class ValidatedList extends Listener {

		@StreamSubscribe("orders")
		void handle(@Validated List<Order> orders) {
			this.handled.addAll(orders);
		}

	}

	static class ListOfValid extends Listener {

		@StreamSubscribe("orders")
		void handle(List<@Valid Order> orders) {
			this.handled.addAll(orders);
		}

	}

	static class ListOfValidMessages extends Listener {

		@StreamSubscribe("orders")
		void handle(List<StreamMessage<@Valid Order>> orders) {
			orders.forEach((order) -> this.handled.add(order.payload()));
		}

	}

}
