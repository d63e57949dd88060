package dev.pubsub.redis.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.annotation.PubSubHeaders;
import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.listener.AckMode;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.BatchFailureException;
import dev.pubsub.redis.listener.ContainerEvent;
import dev.pubsub.redis.listener.ContainerState;
import dev.pubsub.redis.listener.StreamErrorHandler;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.core.convert.converter.Converter;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Annotated methods on a real Redis.
 */
@RedisTest
class StreamSubscribeIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private final ApplicationContextRunner runner;

	StreamSubscribeIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.runner = PubSubRunner.on(redis).withPropertyValues("stream=" + this.stream);
	}

	@Test
	void rawEntryReachesPojoAndMapHandlers() {
		this.runner.withUserConfiguration(PojoListener.class, MapListener.class).run((context) -> {
			this.redis.execute("XADD", this.stream, "*", "name", "dog", "__PUBLISH_TIME", "1", "__SOURCE", "producer");

			PojoListener pojo = context.getBean(PojoListener.class);
			MapListener map = context.getBean(MapListener.class);
			await().until(() -> pojo.animals.size() == 1 && map.maps.size() == 1);

			assertThat(pojo.animals).extracting(Animal::getName).containsExactly("dog");
			assertThat(map.maps).containsExactly(Map.of("name", "dog"));
			awaitSettled("billing");
			awaitSettled("maps");
		});
	}

	@Test
	void alwaysFailingMethodStartsFourTimesTwoSecondsApartAndIsDeadLettered() {
		this.runner.withUserConfiguration(FailingListener.class).run((context) -> {
			this.redis.execute("XADD", this.stream, "*", "name", "dog", "__PUBLISH_TIME", "1", "__SOURCE", "producer");

			FailingListener listener = context.getBean(FailingListener.class);
			await().atMost(Duration.ofSeconds(20)).until(() -> this.redis.xlen("{" + this.stream + "}:dlq") == 1);

			assertThat(listener.starts).hasSize(4);
			List<Instant> starts = List.copyOf(listener.starts);
			for (int i = 1; i < starts.size(); i++) {
				assertThat(Duration.between(starts.get(i - 1), starts.get(i))).isBetween(Duration.ofMillis(1900),
						Duration.ofMillis(3500));
			}
			assertThat(listener.failures).extracting(StreamErrorHandler.FailedAttempt::attempt)
				.containsExactly(1, 2, 3, 4);
			assertThat(listener.failures).extracting(StreamErrorHandler.FailedAttempt::willRetry)
				.containsExactly(true, true, true, false);
			assertThat(deadLetter()).containsEntry("name", "dog")
				.containsEntry("__PUBLISH_TIME", "1")
				.containsEntry("__SOURCE", "producer")
				.containsEntry("__DLQ_REASON", "attempts-exhausted")
				.containsEntry("__DLQ_ATTEMPTS", "4")
				.containsEntry("__DLQ_EXCEPTION", IllegalStateException.class.getName());
			awaitSettled("billing");
			await().untilAsserted(() -> assertThat(listener.events).hasSize(1));
		});
	}

	@Test
	void methodGetsWhatItsParametersAskFor() {
		this.runner.withUserConfiguration(CuriousListener.class).run((context) -> {
			RedisStreamProducer producer = context.getBean(RedisStreamProducer.class);
			producer.publish(this.stream, new Order("ann", 2),
					PublishOptions.defaults().withHeader("tenant", "acme").withHeader("id", "mine"));

			CuriousListener listener = context.getBean(CuriousListener.class);
			await().until(() -> listener.seen.size() == 1);

			Seen seen = listener.seen.remove();
			assertThat(seen.order).isEqualTo(new Order("ann", 2));
			assertThat(seen.message.payload()).isEqualTo(seen.order);
			assertThat(seen.message.source()).isEqualTo("producer");
			assertThat(seen.tenant).isEqualTo("acme");
			assertThat(seen.attempt).isEqualTo(1);
			assertThat(seen.headers).containsEntry("id", "mine")
				.containsEntry(PubSubHeaders.ID, seen.message.id().getValue())
				.containsEntry(PubSubHeaders.STREAM, this.stream)
				.containsEntry(PubSubHeaders.GROUP, "billing");
			awaitSettled("billing");
		});
	}

	@Test
	void headerIsConvertedByTheConverterOfTheApplication() {
		this.runner.withUserConfiguration(TenantListener.class).run((context) -> {
			context.getBean(RedisStreamProducer.class)
				.publish(this.stream, new Order("ann", 2), PublishOptions.defaults().withHeader("tenant", "acme"));

			TenantListener listener = context.getBean(TenantListener.class);
			await().until(() -> listener.tenants.size() == 1);

			assertThat(listener.tenants).containsExactly(new Tenant("acme", 4));
			awaitSettled("billing");
		});
	}

	@Test
	void bufferThatIsUsedAgainReachesHandlersAsItWas() {
		this.runner.withUserConfiguration(BytesListener.class).run((context) -> {
			RedisStreamProducer producer = context.getBean(RedisStreamProducer.class);
			ProducerSession session = producer.newSession();
			byte[] buffer = new byte[1];
			for (char letter : "abcd".toCharArray()) {
				buffer[0] = (byte) letter;
				session.add(this.stream, buffer);
			}
			session.commit();
			for (char letter : "efgh".toCharArray()) {
				buffer[0] = (byte) letter;
				producer.publishAsync(this.stream, buffer);
			}

			BytesListener listener = context.getBean(BytesListener.class);
			await().until(() -> listener.texts.size() == 8);

			assertThat(listener.texts).containsExactlyInAnyOrder("a", "b", "c", "d", "e", "f", "g", "h");
		});
	}

	@Test
	void invalidPayloadIsDeadLetteredAtOnce() {
		this.runner.withUserConfiguration(ValidatingListener.class).run((context) -> {
			context.getBean(RedisStreamProducer.class).publish(this.stream, new Order("ann", 0));

			await().until(() -> this.redis.xlen("{" + this.stream + "}:dlq") == 1);

			assertThat(context.getBean(ValidatingListener.class).orders).isEmpty();
			assertThat(deadLetter()).containsEntry("__DLQ_REASON", "not-retryable")
				.containsEntry("__DLQ_ATTEMPTS", "1");
		});
	}

	@Test
	void entryThatCannotBeReadIsDeadLetteredAtOnceWithItsBytes() {
		this.runner.withUserConfiguration(CuriousListener.class).run((context) -> {
			this.redis.execute("XADD", this.stream, "*", "payload", "{broken", "__CONTENT_TYPE", "application/json");

			await().until(() -> this.redis.xlen("{" + this.stream + "}:dlq") == 1);

			assertThat(deadLetter()).containsEntry("payload", "{broken").containsEntry("__DLQ_REASON", "unreadable");
		});
	}

	@Test
	void missingHeaderIsDeadLetteredAtOnce() {
		this.runner.withUserConfiguration(CuriousListener.class).run((context) -> {
			context.getBean(RedisStreamProducer.class).publish(this.stream, new Order("ann", 2));

			await().until(() -> this.redis.xlen("{" + this.stream + "}:dlq") == 1);

			assertThat(deadLetter()).containsEntry("__DLQ_REASON", "unreadable");
		});
	}

	@Test
	void batchMethodSettlesEachMessageByItself() {
		for (String customer : List.of("ann", "bob", "eve")) {
			this.redis.xadd(this.stream, Map.of("customer", customer, "quantity", "1"));
		}
		this.redis.xadd(this.stream, Map.of("customer", "dan", "quantity", "many"));
		this.runner.withUserConfiguration(BatchListener.class).run((context) -> {
			BatchListener listener = context.getBean(BatchListener.class);

			await().until(() -> this.redis.xlen("{" + this.stream + "}:dlq") == 2);

			assertThat(listener.customers).containsExactlyInAnyOrder("ann", "bob", "eve");
			awaitSettled("billing");
			List<Object> letters = this.redis.executeForList("XRANGE", "{" + this.stream + "}:dlq", "-", "+");
			assertThat(letters).extracting((letter) -> fields(letter).get("customer"))
				.containsExactlyInAnyOrder("bob", "dan");
		});
	}

	@Test
	void completionStageIsAwaited() {
		this.runner.withUserConfiguration(AsyncListener.class).run((context) -> {
			this.redis.xadd(this.stream, Map.of("name", "dog"));

			AsyncListener listener = context.getBean(AsyncListener.class);
			await().until(() -> listener.started.size() == 2);

			awaitSettled("billing");
			assertThat(this.redis.xlen("{" + this.stream + "}:dlq")).isZero();
		});
	}

	@Test
	void manualAcknowledgmentDecides() {
		this.runner.withUserConfiguration(ManualListener.class).run((context) -> {
			this.redis.xadd(this.stream, Map.of("name", "keep"));
			ManualListener listener = context.getBean(ManualListener.class);
			await().until(() -> listener.acknowledgments.size() == 1);
			assertThat(this.redis.pendingCount(this.stream, "billing")).isEqualTo(1);

			listener.acknowledgments.remove().acknowledge();

			awaitSettled("billing");
		});
	}

	@Test
	void containerEventsTellOfStartAndStop() {
		this.runner.withUserConfiguration(PojoListener.class).run((context) -> {
			PojoListener listener = context.getBean(PojoListener.class);
			StreamListenerContainerRegistry registry = context.getBean(StreamListenerContainerRegistry.class);
			String id = "billing." + this.stream;
			await().until(() -> registry.getContainer(id).orElseThrow().getState() == ContainerState.RUNNING);

			registry.pause(id);
			registry.resume(id);
			registry.stop(id);

			await().until(() -> listener.events.size() == 6);
			assertThat(listener.events).extracting(ContainerEvent::state)
				.containsExactly(ContainerState.STARTING, ContainerState.RUNNING, ContainerState.PAUSED,
						ContainerState.RUNNING, ContainerState.STOPPING, ContainerState.STOPPED);
		});
	}

	@Test
	void containerWhoseHandlersAreBusyCountsAsConnected() {
		this.runner.withUserConfiguration(BusyListener.class).run((context) -> {
			BusyListener listener = context.getBean(BusyListener.class);
			StreamListenerContainer container = context.getBean(StreamListenerContainerRegistry.class)
				.getContainer("busy")
				.orElseThrow();
			this.redis.xadd(this.stream, Map.of("name", "dog"));
			listener.started.await();
			Instant start = Instant.now();

			await().untilAsserted(() -> assertThat(container.getLastPoll()).isAfter(start.plusSeconds(2)));

			listener.release.countDown();
			awaitSettled("billing");
		});
	}

	private void awaitSettled(String group) {
		await().untilAsserted(() -> assertThat(this.redis.pendingCount(this.stream, group)).isZero());
	}

	private Map<String, String> deadLetter() {
		return fields(this.redis.executeForList("XRANGE", "{" + this.stream + "}:dlq", "-", "+").get(0));
	}

	private static Map<String, String> fields(Object entry) {
		List<?> namesAndValues = (List<?>) ((List<?>) entry).get(1);
		Map<String, String> fields = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.size(); i += 2) {
			fields.put(text(namesAndValues.get(i)), text(namesAndValues.get(i + 1)));
		}
		return fields;
	}

	private static String text(Object value) {
		return (value instanceof byte[] bytes) ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(value);
	}

	static class Animal {

		private String name = "";

		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

	}

	record Order(String customer, @Min(1) int quantity) {

	}

	record Seen(Order order, StreamMessage<Order> message, String tenant, int attempt, Map<String, String> headers) {

	}

	static class PojoListener {

		private final Queue<Animal> animals = new ConcurrentLinkedQueue<>();

		private final Queue<ContainerEvent> events = new ConcurrentLinkedQueue<>();

		@StreamSubscribe("${stream}")
		void handle(Animal animal) {
			this.animals.add(animal);
		}

		@EventListener
		void changed(ContainerEvent event) {
			this.events.add(event);
		}

	}

	static class MapListener {

		private final Queue<Map<String, String>> maps = new ConcurrentLinkedQueue<>();

		@StreamSubscribe(stream = "${stream}", group = "#{'maps'}")
		void handle(Map<String, String> map) {
			this.maps.add(map);
		}

	}

	static class FailingListener {

		private final Queue<Instant> starts = new ConcurrentLinkedQueue<>();

		private final Queue<StreamErrorHandler.FailedAttempt> failures = new ConcurrentLinkedQueue<>();

		private final Queue<MessageEvent> events = new ConcurrentLinkedQueue<>();

		@StreamSubscribe(stream = "${stream}", retryCount = 3, timeout = 2)
		void handle(Map<String, String> map) {
			this.starts.add(Instant.now());
			throw new IllegalStateException("always");
		}

		@EventListener
		void givenUp(MessageEvent event) {
			this.events.add(event);
		}

		@Bean
		StreamErrorHandler errorHandler() {
			return this.failures::add;
		}

	}

	static class CuriousListener {

		private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

		@StreamSubscribe("${stream}")
		void handle(Order order, StreamMessage<Order> message, @Header("tenant") String tenant,
				@Header(PubSubHeaders.ATTEMPT) int attempt, @Headers Map<String, String> headers) {
			this.seen.add(new Seen(order, message, tenant, attempt, headers));
		}

	}

	record Tenant(String name, int length) {

	}

	static class TenantListener {

		private final Queue<Tenant> tenants = new ConcurrentLinkedQueue<>();

		@StreamSubscribe("${stream}")
		void handle(@Header("tenant") Tenant tenant) {
			this.tenants.add(tenant);
		}

		@Bean
		Converter<String, Tenant> tenantConverter() {
			return (name) -> new Tenant(name, name.length());
		}

	}

	static class BytesListener {

		private final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@StreamSubscribe("${stream}")
		void handle(byte[] bytes) {
			this.texts.add(new String(bytes, StandardCharsets.US_ASCII));
		}

	}

	static class ValidatingListener {

		private final Queue<Order> orders = new ConcurrentLinkedQueue<>();

		@StreamSubscribe("${stream}")
		void handle(@Valid Order order) {
			this.orders.add(order);
		}

	}

	static class BatchListener {

		private final Queue<String> customers = new ConcurrentLinkedQueue<>();

		@StreamSubscribe(stream = "${stream}", retryCount = 0)
		void handle(List<StreamMessage<Order>> messages) {
			List<StreamMessage<Order>> failed = new ArrayList<>();
			for (StreamMessage<Order> message : messages) {
				this.customers.add(message.payload().customer());
				if (message.payload().customer().equals("bob")) {
					failed.add(message);
				}
			}
			if (!failed.isEmpty()) {
				throw new BatchFailureException(failed.get(0).id(), new IllegalStateException("bob"));
			}
		}

	}

	static class AsyncListener {

		private final Queue<Integer> started = new ConcurrentLinkedQueue<>();

		@StreamSubscribe(stream = "${stream}", retryCount = 1, timeoutString = "500ms")
		CompletionStage<String> handle(StreamMessage<?> message) {
			this.started.add(message.attempt());
			CompletableFuture<String> result = new CompletableFuture<>();
			if (message.attempt() == 1) {
				CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)
					.execute(() -> result.completeExceptionally(new IllegalStateException("later")));
			}
			else {
				result.complete("done");
			}
			return result;
		}

	}

	static class BusyListener {

		private final CountDownLatch started = new CountDownLatch(1);

		private final CountDownLatch release = new CountDownLatch(1);

		@StreamSubscribe(stream = "${stream}", id = "busy", threads = 1)
		void handle(Map<String, String> map) throws InterruptedException {
			this.started.countDown();
			this.release.await();
		}

	}

	static class ManualListener {

		private final Queue<Acknowledgment> acknowledgments = new ConcurrentLinkedQueue<>();

		@StreamSubscribe(stream = "${stream}", ackMode = AckMode.MANUAL)
		void handle(Map<String, String> map, Acknowledgment acknowledgment) {
			this.acknowledgments.add(acknowledgment);
		}

	}

}
