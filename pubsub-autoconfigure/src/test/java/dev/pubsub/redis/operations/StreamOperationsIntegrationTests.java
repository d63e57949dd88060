package dev.pubsub.redis.operations;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.DeadLetterPolicy;
import dev.pubsub.redis.listener.Redelivery;
import dev.pubsub.redis.listener.RetryBackoff;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.operations.OperationException.Kind;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.pubsub.redis.operations.OperationFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RedisTest
class StreamOperationsIntegrationTests {

	private static final PageRequest PAGE = PageRequest.first();

	private final TestRedis redis;

	private final String stream;

	@AutoClose
	private final OperationsFixture application;

	StreamOperationsIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.application = new OperationsFixture(redis.connectionFactory());
	}

	@BeforeEach
	void knowTheStream() {
		this.application.builder.streams(List.of(this.stream, this.stream + "-2", this.stream + "-3"))
			.consumerIdle(Duration.ofMillis(100));
		this.application.rebuild();
	}

	@Test
	void listsStreams() {
		String first = this.redis.xadd(this.stream, Map.of("payload", "a"));
		String last = this.redis.xadd(this.stream, Map.of("payload", "b"));
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.redis.xadd("{" + this.stream + "}:dlq", Map.of("payload", "c"));

		Page<StreamStatus> page = streams().list(PAGE.withLimit(2));

		assertThat(page.items()).containsExactly(
				new StreamStatus(this.stream, true, 2, 1, first, last, 1,
						List.of(new DeadLetterStream("{" + this.stream + "}:dlq", 1)), List.of(), null),
				new StreamStatus(this.stream + "-2", false, 0, 0, null, null, 0,
						List.of(new DeadLetterStream("{" + this.stream + "-2}:dlq", 0)), List.of(), null));
		assertThat(streams().names()).containsExactly(this.stream, this.stream + "-2", this.stream + "-3");
		assertThat(streams().getAll(List.of(this.stream + "-2", this.stream))).containsExactly(page.items().get(1),
				page.items().get(0));
		assertThat(streams().list(PAGE.withLimit(2).withAfter(page.next())).items()).extracting(StreamStatus::name)
			.containsExactly(this.stream + "-3");
		assertThat(streams().get(this.stream)).isEqualTo(page.items().get(0));
		assertFails(Kind.UNKNOWN, "nothing to do with a stream \"other\", but with [" + this.stream,
				() -> streams().get("other"));
	}

	@Test
	void countsTheDeadLettersOfEachSubscription() {
		this.redis.xadd("{" + this.stream + "}:dlq", Map.of("payload", "a"));
		this.redis.xadd("{" + this.stream + "}:shipping", Map.of("payload", "b"));
		this.redis.xadd("{" + this.stream + "}:shipping", Map.of("payload", "c"));
		this.application.start(Subscription.of(this.stream, "billing", (message, acknowledgment) -> {
		}));
		this.application.start(Subscription.of(this.stream, "shipping", (message, acknowledgment) -> {
		}).withDeadLetters(DeadLetterPolicy.defaults().withSuffix(":shipping")));

		StreamStatus status = streams().get(this.stream);

		assertThat(status.deadLetters()).isEqualTo(3);
		assertThat(status.deadLetterStreams()).containsExactlyInAnyOrder(
				new DeadLetterStream("{" + this.stream + "}:dlq", 1),
				new DeadLetterStream("{" + this.stream + "}:shipping", 2));
	}

	@Test
	void tellsThatAKeyIsNoStream() {
		this.redis.execute("SET", this.stream, "text");

		assertFails(Kind.UNAVAILABLE, "WRONGTYPE", () -> streams().get(this.stream));
		assertThat(streams().list(PAGE).items()).hasSize(3).first().satisfies((status) -> {
			assertThat(status.problem()).contains("WRONGTYPE");
			assertThat(status.exists()).isFalse();
		});
		assertFails(Kind.UNAVAILABLE, "WRONGTYPE",
				() -> streams().messages(this.stream, IdRange.all(), Order.OLDEST_FIRST, Payloads.SHOWN, PAGE));
	}

	@Test
	void listsGroupsConsumersAndPendingEntries() {
		List<String> ids = IntStream.range(0, 5)
			.mapToObj((i) -> this.redis.xadd(this.stream, Map.of("payload", "a")))
			.toList();
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.redis.execute("XGROUP", "CREATE", this.stream, "audit", "$");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "c1", "COUNT", "3", "STREAMS", this.stream, ">");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "c2", "COUNT", "2", "STREAMS", this.stream, ">");

		assertThat(streams().groups(this.stream, PAGE).items()).extracting(GroupStatus::name)
			.containsExactly("audit", "billing");
		assertThat(streams().groups(this.stream, PAGE.withAfter("audit")).items()).singleElement()
			.isEqualTo(new GroupStatus("billing", 2, 5, this.redis.isRedis6() ? null : 0L, ids.get(4), null));
		assertThat(streams().consumers(this.stream, "billing", PAGE).items()).extracting(ConsumerStatus::name)
			.containsExactly("c1", "c2");
		Page<PendingStatus> first = streams().pending(this.stream, "billing", null, PAGE.withLimit(3));
		Page<PendingStatus> second = streams().pending(this.stream, "billing", null,
				PAGE.withLimit(3).withAfter(first.next()));
		assertThat(first.items()).extracting(PendingStatus::id).isEqualTo(ids.subList(0, 3));
		assertThat(second.items()).extracting(PendingStatus::id).isEqualTo(ids.subList(3, 5));
		assertThat(second.next()).isNull();
		assertThat(streams().pending(this.stream, "billing", "c2", PAGE).items()).extracting(PendingStatus::id)
			.isEqualTo(ids.subList(3, 5));
		assertFails(Kind.UNKNOWN, "NOGROUP", () -> streams().consumers(this.stream, "other", PAGE));
		assertFails(Kind.UNKNOWN, "NOGROUP", () -> streams().pending(this.stream, "other", null, PAGE));
		assertFails(Kind.INVALID, "'after' must be the id",
				() -> streams().pending(this.stream, "billing", null, PAGE.withAfter("x")));
		assertThat(streams().groups(this.stream + "-2", PAGE).items()).isEmpty();
	}

	@Test
	void browsesMessagesByIdAndTime() {
		for (int i = 1; i <= 4; i++) {
			this.redis.execute("XADD", this.stream, i + "000-0", "payload", Integer.toString(i));
		}

		assertThat(messages("2000-0", "3000-0")).containsExactly("2000-0", "3000-0");
		assertThat(messages("1970-01-01T00:00:03Z", null)).containsExactly("3000-0", "4000-0");
		assertThat(messages(null, "2000")).containsExactly("1000-0", "2000-0");
		assertThat(
				streams().messages(this.stream, IdRange.all(), Order.NEWEST_FIRST, Payloads.HIDDEN, PAGE.withLimit(1))
					.items())
			.singleElement()
			.satisfies((message) -> {
				assertThat(message.id()).isEqualTo("4000-0");
				assertThat(message.time()).hasToString("1970-01-01T00:00:04Z");
				assertThat(message.bytes()).isEqualTo(8);
				assertThat(message.fields()).isNull();
			});
		assertFails(Kind.INVALID, "'from' must be the id of an entry or a time", () -> messages("yesterday", null));
	}

	@Test
	void writesWhatIsNoTextInBase64() throws Exception {
		try (var connection = this.redis.connectionFactory().getConnection()) {
			connection.streamCommands()
				.xAdd(this.stream.getBytes(), Map.of("payload".getBytes(), new byte[] { (byte) 0xff, 0 }));
		}

		assertThat(streams().messages(this.stream, IdRange.all(), Order.OLDEST_FIRST, Payloads.SHOWN, PAGE)
			.items()
			.get(0)
			.fields()).containsExactly(new FieldStatus("payload", "/wA=", "base64", 2));
	}

	@ParameterizedTest
	@ValueSource(ints = { 20, 600 })
	void attemptsAWaitingMessageNow(int backoffSeconds) {
		AtomicInteger attempts = new AtomicInteger();
		this.application.start(Subscription.of(this.stream, "billing", (message, acknowledgment) -> {
			if (attempts.incrementAndGet() == 1) {
				throw new IllegalStateException("no stock");
			}
		})
			.withOptions(ContainerOptions.defaults().withLease(Duration.ofSeconds(30)))
			.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofSeconds(backoffSeconds)))));
		String id = this.redis.xadd(this.stream, Map.of("payload", "a"));
		await().until(() -> this.application.subscriptions().get("billing." + this.stream).inFlight().waiting() == 1);

		streams().retryNow(this.stream, "billing", id);

		await().until(() -> attempts.get() == 2);
		await().until(() -> this.redis.pendingCount(this.stream, "billing") == 0);
		assertFails(Kind.UNKNOWN, id + " is not pending", () -> streams().retryNow(this.stream, "billing", id));
		assertFails(Kind.INVALID, "'id' must be", () -> streams().retryNow(this.stream, "billing", "x"));
		assertFails(Kind.UNKNOWN, "does not subscribe", () -> streams().retryNow(this.stream, "other", id));
	}

	@Test
	void attemptsTheMessageOfThePartitionThatIsNamed() {
		Queue<String> attempts = new ConcurrentLinkedQueue<>();
		StreamListenerContainer container = this.application
			.start(Subscription.of(this.stream, "billing", (message, acknowledgment) -> {
				attempts.add(message.stream());
				throw new IllegalStateException("no stock");
			})
				.withOptions(ContainerOptions.defaults().withPartitions(2))
				.withRedelivery(
						Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofSeconds(600)).withJitter(0))));
		await().until(() -> container.getSubscription().partitions().size() == 2);
		List<String> partitions = container.getSubscription().partitions();
		partitions.forEach((partition) -> this.redis.execute("XADD", partition, "5-1", "payload", "a"));
		await().until(() -> this.application.subscriptions().get("billing." + this.stream).inFlight().waiting() == 2);
		attempts.clear();

		streams().retryNow(partitions.get(1), "billing", "5-1");

		await().untilAsserted(() -> assertThat(attempts).containsExactly(partitions.get(1)));
		assertFails(Kind.UNKNOWN, "5-1 is not pending", () -> streams().retryNow(this.stream, "billing", "5-1"));
	}

	@Test
	void leavesMessagesToThoseThatHandleThem() {
		this.redis.xadd(this.stream, Map.of("payload", "a"));
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "elsewhere", "STREAMS", this.stream, ">");
		this.application.start(Subscription.of(this.stream, "billing", (message, acknowledgment) -> {
		}));
		String id = streams().pending(this.stream, "billing", null, PAGE).items().get(0).id();

		assertFails(Kind.CONFLICT, "consumer elsewhere has it", () -> streams().retryNow(this.stream, "billing", id));
	}

	@Test
	void deletesAnIdleConsumer() {
		this.redis.xadd(this.stream, Map.of("payload", "a"));
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.redis.execute("XGROUP", "CREATECONSUMER", this.stream, "billing", "idle");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "busy", "STREAMS", this.stream, ">");
		await().until(() -> streams().consumers(this.stream, "billing", PAGE)
			.items()
			.stream()
			.allMatch((consumer) -> consumer.idle().toMillis() > 100));

		assertFails(Kind.CONFLICT, "1 messages are pending", () -> delete("busy"));
		delete("idle");

		assertThat(streams().consumers(this.stream, "billing", PAGE).items()).extracting(ConsumerStatus::name)
			.containsExactly("busy");
		assertFails(Kind.UNKNOWN, "There is no consumer \"idle\", but [busy]", () -> delete("idle"));
		this.application.builder.consumerIdle(Duration.ofMinutes(1));
		this.application.rebuild();
		assertFails(Kind.CONFLICT, "\"busy\" is not idle", () -> delete("busy"));
	}

	private void delete(String consumer) {
		streams().deleteConsumer(this.stream, "billing", consumer);
	}

	private List<String> messages(String from, String to) {
		return streams().messages(this.stream, EntryIds.range(from, to), Order.OLDEST_FIRST, Payloads.SHOWN, PAGE)
			.items()
			.stream()
			.map(MessageStatus::id)
			.toList();
	}

	private StreamOperations streams() {
		return this.application.streams();
	}

}
