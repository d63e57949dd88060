package dev.pubsub.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.TestRedis;
import dev.pubsub.sample.OrderController.PlacedOrder;
import dev.pubsub.sample.OrderController.PlacedOrders;
import dev.pubsub.sample.OrderStatus.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Drives the application over HTTP, on a Redis that is configured.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@DirtiesContext
class OrderServiceIntegrationTests {

	private static final String GROUP = "order-service";

	private static final String DEAD_LETTERS = "{orders}:dlq";

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	/** Ends with the JVM, after the application. */
	private static final RedisServerProcess server = RedisServerProcess.start();

	private final RestTestClient http;

	private final RedisStreamProducer producer;

	private final TestRedis redis = server.redis();

	OrderServiceIntegrationTests(@LocalServerPort int port, @Autowired RedisStreamProducer producer) {
		this.http = RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
		this.producer = producer;
	}

	@DynamicPropertySource
	static void useServer(DynamicPropertyRegistry registry) {
		registry.add("spring.data.redis.host", server::host);
		registry.add("spring.data.redis.port", server::port);
	}

	@Test
	void handlesOrder() {
		String id = place(order("apple"));

		awaitStatus(id, Status.HANDLED, 1);
	}

	@Test
	void retriesOrderUntilItSucceeds() {
		String id = place(order("flaky"));

		awaitStatus(id, Status.RETRYING, 1);
		awaitStatus(id, Status.HANDLED, 3);
	}

	@Test
	void deadLettersOrderThatAlwaysFails() {
		String id = place(order("broken"));

		awaitStatus(id, Status.DEAD_LETTERED, 4);
		List<Object> deadLetters = this.redis.executeForList("XRANGE", DEAD_LETTERS, "-", "+");
		assertThat(deadLetters).anySatisfy((deadLetter) -> assertThat(deadLetter.toString())
			.contains("\"item\":\"broken\"", "__DLQ_ID, " + id, "attempts-exhausted"));
	}

	@Test
	void answersBatchWithIdsInOrder() {
		List<Order> orders = IntStream.range(0, 100).mapToObj((number) -> order("item-" + number)).toList();

		PlacedOrders placed = this.http.post()
			.uri("/orders/batch")
			.contentType(MediaType.APPLICATION_JSON)
			.body(orders)
			.exchange()
			.expectStatus()
			.isAccepted()
			.expectBody(PlacedOrders.class)
			.returnResult()
			.getResponseBody();

		assertThat(placed.ids()).hasSize(100).doesNotHaveDuplicates();
		for (int number = 0; number < 100; number++) {
			String id = placed.ids().get(number);
			assertThat(this.redis.executeForList("XRANGE", Order.STREAM, id, id).toString())
				.contains("\"item\":\"item-" + number + "\"");
			awaitStatus(id, Status.HANDLED, 1);
		}
	}

	@Test
	void knowsNothingOfOtherOrders() {
		this.http.get()
			.uri("/orders/{id}", "1-1")
			.exchange()
			.expectStatus()
			.isNotFound()
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					/orders       | {"customer":"ann","item":"apple"
					/orders       | {"customer":"ann","item":"apple"}
					/orders       | {"customer":"ann","item":"apple","quantity":0}
					/orders       | {"customer":"ann","item":"apple","quantity":"many"}
					/orders       | {"customer":" ","item":"apple","quantity":2}
					/orders       | {"item":"apple","quantity":2}
					/orders/batch | []
					/orders/batch | [null]
					/orders/batch | [{"customer":"ann","item":"apple","quantity":2},{"customer":"ann","item":"apple","quantity":0}]
					""")
	void refusesInvalidOrder(String path, String body) {
		this.http.post()
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.body(body)
			.exchange()
			.expectStatus()
			.isBadRequest()
			.expectHeader()
			.contentType(MediaType.APPLICATION_PROBLEM_JSON);
	}

	@Test
	void ticksByCron() {
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(this.redis.xlen(Heartbeat.STREAM)).isPositive();
			assertThat(this.redis.pendingCount(Heartbeat.STREAM, GROUP)).isZero();
		});
	}

	@Test
	void handlesThousandOrdersOverHttpAndThousandPublished() throws Exception {
		List<String> ids = new ArrayList<>();
		ExecutorService clients = Executors.newFixedThreadPool(4);
		try {
			List<Future<String>> placed = IntStream.range(0, 1000)
				.mapToObj((number) -> clients.submit(() -> place(order("http-" + number))))
				.toList();
			for (int number = 0; number < 1000; number++) {
				ids.add(this.producer.publish(Order.STREAM, order("published-" + number)).getValue());
			}
			for (Future<String> id : placed) {
				ids.add(id.get());
			}
		}
		finally {
			clients.shutdownNow();
		}

		assertThat(Set.copyOf(ids)).hasSize(2000);
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(ids)
				.allSatisfy((id) -> assertThat(status(id)).isEqualTo(new OrderStatus(id, Status.HANDLED, 1))));
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.redis.pendingCount(Order.STREAM, GROUP)).isZero());
	}

	private static Order order(String item) {
		return new Order("ann", item, 2);
	}

	private String place(Order order) {
		PlacedOrder placed = this.http.post()
			.uri("/orders")
			.contentType(MediaType.APPLICATION_JSON)
			.body(order)
			.exchange()
			.expectStatus()
			.isEqualTo(HttpStatus.ACCEPTED)
			.expectBody(PlacedOrder.class)
			.returnResult()
			.getResponseBody();
		return placed.id();
	}

	private OrderStatus status(String id) {
		return this.http.get()
			.uri("/orders/{id}", id)
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(OrderStatus.class)
			.returnResult()
			.getResponseBody();
	}

	private void awaitStatus(String id, Status status, int attempts) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(status(id)).isEqualTo(new OrderStatus(id, status, attempts)));
	}

}
