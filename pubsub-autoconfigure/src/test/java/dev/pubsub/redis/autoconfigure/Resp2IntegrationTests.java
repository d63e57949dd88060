package dev.pubsub.redis.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.TestRedis;
import io.lettuce.core.RedisCommandExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A server that refuses {@code HELLO}, so that the driver falls back to RESP2. Lettuce
 * 7.1 to 7.6 then merge all entries that one read brings into one.
 */
class Resp2IntegrationTests {

	private static final int COUNT = 300;

	private static RedisServerProcess server;

	private final TestRedis redis = server.redis();

	private final ApplicationContextRunner runner = PubSubRunner.on(this.redis)
		.withPropertyValues("pubsub.redis.backoff.delay=200ms", "pubsub.redis.retry-count=1");

	@BeforeAll
	static void startServer() {
		server = RedisServerProcess.start("--rename-command", "HELLO", "");
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@Test
	void refusesHello() {
		assertThatExceptionOfType(RedisCommandExecutionException.class)
			.isThrownBy(() -> this.redis.execute("HELLO", "3"));
	}

	@Test
	void entriesThatOneReadBringsStayApart() {
		List<String> ids = addOrders("waiting");

		this.runner.withUserConfiguration(OrderListener.class)
			.withPropertyValues("stream=waiting")
			.run((context) -> assertThatEachArrives(context.getBean(OrderListener.class), ids, 1));
	}

	@Test
	void publishedEntriesStayApart() {
		this.runner.withUserConfiguration(OrderListener.class).withPropertyValues("stream=published").run((context) -> {
			ProducerSession session = context.getBean(RedisStreamProducer.class).newSession();
			IntStream.range(0, COUNT).forEach((number) -> session.add("published", order(number)));
			List<String> ids = session.commit().stream().map(RecordId::getValue).toList();

			assertThatEachArrives(context.getBean(OrderListener.class), ids, 1);
		});
	}

	@Test
	void redeliveredEntriesStayApart() {
		List<String> ids = addOrders("retried");

		this.runner.withUserConfiguration(FailingOnceListener.class)
			.withPropertyValues("stream=retried")
			.run((context) -> assertThatEachArrives(context.getBean(FailingOnceListener.class), ids, 2));
	}

	@Test
	void deadLettersStayApart() {
		List<String> ids = addOrders("given-up");

		this.runner.withUserConfiguration(FailingListener.class)
			.withPropertyValues("stream=given-up")
			.run((context) -> {
				await().until(() -> this.redis.xlen("{given-up}:dlq") == COUNT);

				assertThat(this.redis.pendingCount("given-up", "billing")).isZero();
				List<Object> deadLetters = this.redis.executeForList("XRANGE", "{given-up}:dlq", "-", "+");
				assertThat(deadLetters).extracting((entry) -> fields(entry).subList(0, 4))
					.containsExactlyInAnyOrderElementsOf(IntStream.range(0, COUNT)
						.mapToObj((number) -> List.of("name", "order-" + number, "text", "line\nand more " + number))
						.toList());
				assertThat(deadLetters).extracting((entry) -> fields(entry).get(fields(entry).indexOf("__DLQ_ID") + 1))
					.containsExactlyInAnyOrderElementsOf(ids);
			});
	}

	private void assertThatEachArrives(OrderListener listener, List<String> ids, int attempt) {
		await().until(() -> listener.handled.size() >= COUNT);
		await().until(() -> this.redis.pendingCount(listener.handled.element().stream(), "billing") == 0);

		assertThat(listener.handled).hasSize(COUNT)
			.allSatisfy((message) -> assertThat(message.attempt()).isEqualTo(attempt));
		List<StreamMessage<Map<String, String>>> byAge = new ArrayList<>(listener.handled);
		byAge.sort(
				(one, other) -> Integer.compare(ids.indexOf(one.id().getValue()), ids.indexOf(other.id().getValue())));
		for (int number = 0; number < COUNT; number++) {
			assertThat(byAge.get(number).id().getValue()).isEqualTo(ids.get(number));
			assertThat(byAge.get(number).payload()).isEqualTo(order(number));
		}
	}

	private List<String> addOrders(String stream) {
		return IntStream.range(0, COUNT).mapToObj((number) -> this.redis.xadd(stream, order(number))).toList();
	}

	private static Map<String, String> order(int number) {
		Map<String, String> order = new LinkedHashMap<>();
		order.put("name", "order-" + number);
		order.put("text", "line\nand more " + number);
		return order;
	}

	private static List<String> fields(Object entry) {
		return ((List<?>) ((List<?>) entry).get(1)).stream().map(String::valueOf).toList();
	}

	static class OrderListener {

		final Queue<StreamMessage<Map<String, String>>> handled = new ConcurrentLinkedQueue<>();

		@StreamSubscribe("${stream}")
		void handle(StreamMessage<Map<String, String>> message) {
			this.handled.add(message);
		}

	}

	static class FailingOnceListener extends OrderListener {

		@Override
		@StreamSubscribe("${stream}")
		void handle(StreamMessage<Map<String, String>> message) {
			if (message.attempt() == 1) {
				throw new IllegalStateException("once");
			}
			super.handle(message);
		}

	}

	static class FailingListener {

		@StreamSubscribe(stream = "${stream}", retryCount = 0)
		void handle(Map<String, String> order) {
			throw new IllegalStateException("always");
		}

	}

}
