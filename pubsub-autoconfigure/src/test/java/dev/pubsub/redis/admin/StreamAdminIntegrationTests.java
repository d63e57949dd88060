package dev.pubsub.redis.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

@RedisTest
class StreamAdminIntegrationTests {

	private static final RecordId BEGIN = RecordId.of("0-0");

	private final TestRedis redis;

	private final String stream;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	private final StreamAdmin admin;

	StreamAdminIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
		this.admin = StreamAdmin.builder(this.connections).deadLetterSuffix((stream) -> ":dlq").build();
	}

	@AfterEach
	void close() {
		this.connections.close();
		this.threads.close();
	}

	private RecordId add(String name) {
		return RecordId.of(this.redis.xadd(this.stream, Map.of("name", name)));
	}

	private void deliver(String consumer, int count) {
		this.redis.execute("XREADGROUP", "GROUP", "billing", consumer, "COUNT", String.valueOf(count), "STREAMS",
				this.stream, ">");
	}

	@Test
	void worksWithoutAnythingElseUntilItIsClosed() {
		RecordId id = add("dog");
		StreamAdmin own = StreamAdmin.create(this.redis.connectionFactory());

		assertThat(own.range(this.stream, IdRange.all(), 10)).extracting(StoredMessage::id).containsExactly(id);
		assertThat(own.deadLetterStream("orders")).isEqualTo("{orders}:dlq");

		own.close();
		assertThatExceptionOfType(StreamAdminException.class).isThrownBy(() -> own.length(this.stream));
	}

	@Test
	void leavesConnectionsOfOthersOpenWhenItIsClosed() {
		this.admin.close();

		try (StreamAdmin other = StreamAdmin.builder(this.connections).deadLetterSuffix((stream) -> ":dlq").build()) {
			assertThat(other.length(this.stream)).isZero();
		}
	}

	@Test
	void looksAtAStream() {
		assertThat(this.admin.info(this.stream)).isEmpty();
		assertThat(this.admin.length(this.stream)).isZero();
		RecordId first = add("dog");
		RecordId last = add("cat");

		assertThat(this.admin.info(this.stream)).hasValueSatisfying((info) -> {
			assertThat(info.length()).isEqualTo(2);
			assertThat(info.firstId()).isEqualTo(first);
			assertThat(info.lastId()).isEqualTo(last);
			assertThat(info.lastGeneratedId()).isEqualTo(last);
		});
		assertThat(this.admin.range(this.stream, IdRange.all(), 10))
			.extracting((message) -> message.fields().getText("name"))
			.containsExactly("dog", "cat");
		assertThat(this.admin.reverseRange(this.stream, IdRange.all(), 1)).extracting(StoredMessage::id)
			.containsExactly(last);
		assertThat(this.admin.range(this.stream, IdRange.all().withFromAfter(first), 10)).hasSize(1);
		assertThat(this.admin.range(this.stream, IdRange.of(Instant.EPOCH, Instant.now().plusSeconds(60)), 10))
			.hasSize(2);
		assertThat(this.admin.range(this.stream, IdRange.of(Instant.EPOCH, Instant.EPOCH.plusSeconds(1)), 10))
			.isEmpty();
	}

	@Test
	void knowsIdsThatNeedAllBitsOfALong() {
		RecordId first = RecordId.of("9223372036854775808-9223372036854775808");
		RecordId last = RecordId.of("18446744073709551615-1");
		for (RecordId id : List.of(first, last)) {
			this.redis.execute("XADD", this.stream, id.getValue(), "name", "dog");
		}
		this.admin.group(this.stream, "billing").create(BEGIN, AbsentStream.REFUSE);
		deliver("node-1", 2);

		assertThat(this.admin.range(this.stream, IdRange.all(), 10)).extracting(StoredMessage::id)
			.containsExactly(first, last);
		assertThat(this.admin.info(this.stream)).hasValueSatisfying((info) -> {
			assertThat(info.firstId()).isEqualTo(first);
			assertThat(info.lastGeneratedId()).isEqualTo(last);
		});
		assertThat(this.admin.groups(this.stream)).extracting(GroupInfo::lastDeliveredId).containsExactly(last);
		assertThat(this.admin.group(this.stream, "billing").pending(PendingQuery.defaults()))
			.extracting(PendingMessage::id)
			.containsExactly(first, last);
		assertThat(this.admin.group(this.stream, "billing").acknowledge(first, last)).isEqualTo(2);
	}

	@Test
	void rangeReachesToTheEndsOfTime() {
		this.redis.xadd(this.stream, Map.of("a", "b"));

		assertThat(this.admin.range(this.stream, IdRange.of(Instant.MIN, Instant.MAX), 10)).isNotEmpty();
		assertThat(this.admin.range(this.stream, IdRange.all().withFrom(Instant.EPOCH.minusSeconds(5)), 10))
			.isNotEmpty();
		assertThat(this.admin.range(this.stream, IdRange.all().withTo(Instant.MIN), 10)).isEmpty();
	}

	@Test
	void trimsAndDeletes() {
		RecordId first = add("dog");
		add("cat");
		RecordId third = add("owl");
		add("fox");

		assertThat(this.admin.delete(this.stream, first)).isOne();
		assertThat(this.admin.trim(this.stream, TrimOptions.minId(third))).isOne();
		assertThat(this.admin.trim(this.stream, TrimOptions.maxLength(1))).isOne();
		assertThat(this.admin.length(this.stream)).isOne();
	}

	@Test
	void readsWithoutAGroup() {
		RecordId first = add("dog");
		add("cat");

		assertThat(this.admin.read(this.stream, first, 10, Duration.ZERO)).hasSize(1);
		CompletableFuture<List<StoredMessage>> reading = CompletableFuture
			.supplyAsync(() -> this.admin.readNew(this.stream, 1, Duration.ofSeconds(20)));
		await().until(() -> {
			add("owl");
			return reading.isDone();
		});

		assertThat(reading.join()).singleElement()
			.satisfies((message) -> assertThat(message.fields().getText("name")).isEqualTo("owl"));
		assertThat(this.admin.readNew(this.stream, 1, Duration.ofMillis(50))).isEmpty();
	}

	@Test
	void blocksForLessThanMillisecondAndNotForDays() {
		assertThat(this.admin.readNew(this.stream, 1, Duration.ofNanos(500_000))).isEmpty();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.admin.readNew(this.stream, 1, Duration.ofSeconds(Long.MAX_VALUE)))
			.withMessageContaining("'block'");
	}

	@Test
	void tellsWhichConsumerOwnsAStream() {
		GroupHandle billing = this.admin.group(this.stream, "billing");
		assertThat(billing.owner()).isEmpty();
		String key = "{" + this.stream + "}:billing:owner";

		this.redis.execute("HSET", key, "owner", "ann", "token", "7", "until", "9000000000000");
		assertThat(billing.owner()).hasValueSatisfying((owner) -> {
			assertThat(owner.owner()).isEqualTo("ann");
			assertThat(owner.token()).isEqualTo(7);
			assertThat(owner.lease()).isPositive();
			assertThat(owner.standby()).isZero();
		});

		this.redis.execute("HDEL", key, "owner", "until");
		assertThat(billing.owner()).contains(new OwnerInfo(null, 7, Duration.ZERO, 0));
	}

	@Test
	void managesGroupsAndConsumers() {
		assertThat(this.admin.groups(this.stream)).isEmpty();
		assertThat(this.admin.group(this.stream, "billing").create(BEGIN, AbsentStream.CREATE)).isTrue();
		assertThat(this.admin.group(this.stream, "billing").create(BEGIN, AbsentStream.CREATE)).isFalse();
		assertThat(this.admin.group(this.stream, "billing").consumer("ann").create()).isTrue();
		assertThat(this.admin.group(this.stream, "billing").consumer("ann").create()).isFalse();
		RecordId first = add("dog");
		add("cat");
		deliver("ann", 1);

		assertThat(this.admin.groups(this.stream)).singleElement().satisfies((group) -> {
			assertThat(group.name()).isEqualTo("billing");
			assertThat(group.pending()).isOne();
			assertThat(group.consumers()).isOne();
			assertThat(group.lastDeliveredId()).isEqualTo(first);
		});
		assertThat(this.admin.group(this.stream, "billing").consumers()).singleElement()
			.satisfies((consumer) -> assertThat(consumer.pending()).isOne());
		this.admin.group(this.stream, "billing").setLastDeliveredId(BEGIN);
		deliver("bob", 1);
		assertThat(this.admin.group(this.stream, "billing").pendingSummary().byConsumer()).containsOnlyKeys("bob");
		assertThat(this.admin.group(this.stream, "billing").destroy()).isTrue();
		assertThat(this.admin.group(this.stream, "billing").destroy()).isFalse();
	}

	@Test
	void deletesNoConsumerWithSomethingPendingUnlessThereIsAnHeir() {
		this.admin.group(this.stream, "billing").create(BEGIN, AbsentStream.CREATE);
		for (int i = 0; i < 250; i++) {
			add("order" + i);
		}
		deliver("ann", 250);

		assertThatExceptionOfType(StreamAdminException.class)
			.isThrownBy(() -> this.admin.group(this.stream, "billing").consumer("ann").delete())
			.withMessageContaining("pending");
		assertThat(this.admin.group(this.stream, "billing").pendingSummary().total()).isEqualTo(250);
		assertThat(this.admin.group(this.stream, "billing").consumer("ann").deleteInFavourOf("bob")).isTrue();

		assertThat(this.admin.group(this.stream, "billing").pendingSummary().byConsumer())
			.isEqualTo(Map.of("bob", 250L));
		assertThat(this.admin.group(this.stream, "billing").consumer("ann").delete()).isFalse();
	}

	@Test
	void refusesConsumerAsItsOwnHeir() {
		this.admin.group(this.stream, "billing").create(BEGIN, AbsentStream.CREATE);
		for (int i = 0; i < 100; i++) {
			add("order" + i);
		}
		deliver("ann", 100);

		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.admin.group(this.stream, "billing").consumer("ann").deleteInFavourOf("ann"))
			.withMessage("'heir' must be another consumer than the one to delete, was \"ann\"");
		assertThat(this.admin.group(this.stream, "billing").pendingSummary().byConsumer())
			.isEqualTo(Map.of("ann", 100L));
	}

	@Test
	void findsClaimsAndAcknowledgesWhatIsPending() {
		this.admin.group(this.stream, "billing").create(BEGIN, AbsentStream.CREATE);
		RecordId first = add("dog");
		RecordId second = add("cat");
		deliver("ann", 2);

		assertThat(this.admin.group(this.stream, "billing").pending(PendingQuery.defaults().withConsumer("ann")))
			.extracting(PendingMessage::id)
			.containsExactly(first, second);
		assertThat(this.admin.group(this.stream, "billing")
			.pending(PendingQuery.defaults().withMinIdle(Duration.ofHours(1)))).isEmpty();
		assertThat(this.admin.group(this.stream, "billing")
			.consumer("bob")
			.claim(ClaimOptions.minIdle(Duration.ZERO).withRetryCount(7).withIdle(Duration.ofHours(2)), first))
			.hasSize(1);
		assertThat(this.admin.group(this.stream, "billing")
			.pending(PendingQuery.defaults().withMinIdle(Duration.ofHours(1)))).singleElement()
			.satisfies((pending) -> assertThat(pending.deliveries()).isEqualTo(7))
			.satisfies((pending) -> assertThat(pending.consumer()).isEqualTo("bob"));
		assertThat(this.admin.group(this.stream, "billing")
			.consumer("eve")
			.claim(ClaimOptions.minIdle(Duration.ofHours(9)), first)).isEmpty();
		assertThat(this.admin.group(this.stream, "billing")
			.consumer("eve")
			.claimJustId(ClaimOptions.minIdle(Duration.ZERO), second)).containsExactly(second);
		assertThat(this.admin.group(this.stream, "billing").acknowledge(first, second)).isEqualTo(2);
		assertThat(this.admin.group(this.stream, "billing").pendingSummary().total()).isZero();
	}

	@Test
	void redrivesAndDiscardsDeadLetters() {
		String deadLetters = this.admin.deadLetterStream(this.stream);
		assertThat(deadLetters).isEqualTo("{" + this.stream + "}:dlq");
		for (int i = 0; i < 205; i++) {
			this.redis.execute("XADD", deadLetters, "*", "name", "order" + i, "__DLQ_STREAM", this.stream, "__DLQ_ID",
					"5-0", "__DLQ_GROUP", "billing", "__DLQ_ATTEMPTS", "4", "__DLQ_REASON", "attempts-exhausted",
					"__DLQ_TIME", "1763700000000");
		}
		List<DeadLetter> letters = this.admin.deadLetters(this.stream, IdRange.all(), 3);
		assertThat(letters).hasSize(3);
		assertThat(letters.get(0).attempts()).isEqualTo(4);
		assertThat(letters.get(0).originalId()).isEqualTo(RecordId.of("5-0"));

		assertThat(this.admin.discard(this.stream, letters.get(0).id())).isOne();
		assertThat(this.admin.redrive(this.stream, letters.get(0).id())).isEmpty();
		assertThat(this.admin.redrive(this.stream, letters.get(1).id())).isPresent();
		assertThat(this.admin.redriveAll(this.stream)).isEqualTo(203);

		assertThat(this.redis.xlen(deadLetters)).isZero();
		assertThat(this.admin.range(this.stream, IdRange.all(), 1)).singleElement()
			.satisfies((message) -> assertThat(message.fields().asMap()).containsOnlyKeys("name"));
		assertThat(this.admin.length(this.stream)).isEqualTo(204);
	}

	@Test
	void goesOnBehindDeadLetterWithoutMessage() {
		String deadLetters = this.admin.deadLetterStream(this.stream);
		this.redis.xadd(deadLetters, Map.of("__DLQ_ID", "1-1", "__DLQ_STREAM", this.stream));
		for (int i = 0; i < 10; i++) {
			this.redis.xadd(deadLetters, Map.of("name", "order" + i, "__DLQ_ID", "1-1"));
		}

		assertThat(this.admin.redriveAll(this.stream)).isEqualTo(10);
		assertThat(this.admin.redriveAll(this.stream)).isZero();
		assertThat(this.admin.deadLetters(this.stream, IdRange.all(), 100)).singleElement()
			.satisfies((letter) -> assertThat(letter.originalId()).isEqualTo(RecordId.of("1-1")));
	}

	@Test
	void redrivesADeadLetterOfMoreFieldsThanAScriptTakes() {
		String deadLetters = this.admin.deadLetterStream(this.stream);
		Map<String, String> wide = new LinkedHashMap<>();
		for (int i = 0; i < 5000; i++) {
			wide.put("field" + i, "x" + i);
		}
		Map<String, String> letter = new LinkedHashMap<>(wide);
		letter.put("__DLQ_ID", "1-1");
		String id = this.redis.xadd(deadLetters, letter);
		this.redis.xadd(deadLetters, Map.of("name", "dog", "__DLQ_ID", "1-2"));

		assertThat(this.admin.redrive(this.stream, RecordId.of(id))).isPresent();
		assertThat(this.admin.redrive(this.stream, RecordId.of(id))).isEmpty();
		assertThat(this.admin.redriveAll(this.stream)).isOne();

		StoredMessage first = this.admin.range(this.stream, IdRange.all(), 2).get(0);
		assertThat(first.fields().asMap().keySet()).containsExactlyElementsOf(wide.keySet());
		assertThat(first.fields().getText("field4999")).isEqualTo("x4999");
		assertThat(this.redis.xlen(this.stream)).isEqualTo(2);
		assertThat(this.redis.xlen(deadLetters)).isZero();
	}

	@Test
	void keepsADeadLetterOfManyFieldsThatCannotBeAdded() {
		String deadLetters = this.admin.deadLetterStream(this.stream);
		this.redis.execute("SET", this.stream, "text");
		Map<String, String> wide = new LinkedHashMap<>();
		for (int i = 0; i < 5000; i++) {
			wide.put("field" + i, "x");
		}
		String id = this.redis.xadd(deadLetters, wide);

		assertThatExceptionOfType(StreamAdminException.class)
			.isThrownBy(() -> this.admin.redrive(this.stream, RecordId.of(id)))
			.withMessageContaining("WRONGTYPE");
		assertThat(this.redis.xlen(deadLetters)).isOne();
	}

	@Test
	void redrivesNothingIntoWhatIsNoStream() {
		String deadLetters = this.admin.deadLetterStream(this.stream);
		this.redis.execute("SET", this.stream, "text");
		for (int i = 0; i < 2; i++) {
			this.redis.xadd(deadLetters, Map.of("name", "order" + i, "__DLQ_ID", "1-1"));
		}

		assertThatExceptionOfType(StreamAdminException.class).isThrownBy(() -> this.admin.redriveAll(this.stream))
			.withMessageStartingWith("Cannot redrive ")
			.withMessageContaining("WRONGTYPE");
		assertThat(this.redis.xlen(deadLetters)).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "garbage", "1", "1-x", "-1-1", "1-1-1" })
	void showsWhatCanBeReadOfDeadLetter(String originalId) {
		String deadLetters = this.admin.deadLetterStream(this.stream);
		this.redis.xadd(deadLetters, Map.of("name", "dog", "__DLQ_ID", originalId, "__DLQ_GROUP", "billing",
				"__DLQ_ATTEMPTS", "many", "__DLQ_TIME", "yesterday"));
		this.redis.xadd(deadLetters, Map.of("name", "cat", "__DLQ_ID", "1-1"));

		List<DeadLetter> letters = this.admin.deadLetters(this.stream, IdRange.all(), 10);

		assertThat(letters).extracting((letter) -> letter.fields().getText("name")).containsExactly("dog", "cat");
		assertThat(letters.get(0).originalId()).isEqualTo(RecordId.of("0-0"));
		assertThat(letters.get(0).group()).isEqualTo("billing");
		assertThat(letters.get(0).attempts()).isZero();
		assertThat(letters.get(0).time()).isEqualTo(Instant.EPOCH);
	}

	@Test
	void saysWhatItTriedWhenRedisRefuses() {
		this.redis.execute("SET", this.stream, "text");

		assertThatExceptionOfType(StreamAdminException.class).isThrownBy(() -> this.admin.length(this.stream))
			.withMessageStartingWith("Cannot count " + this.stream)
			.withMessageContaining("WRONGTYPE");
	}

	@Test
	void pageOfLargeEntriesIsShortAndLosesNone() {
		String large = "x".repeat(1_000_000);
		for (int i = 0; i < 20; i++) {
			add(large);
		}
		add("small");

		List<RecordId> found = new ArrayList<>();
		List<StoredMessage> page = this.admin.range(this.stream, IdRange.all(), 100);
		assertThat(page).hasSize(8);
		while (!page.isEmpty()) {
			page.forEach((entry) -> found.add(entry.id()));
			page = this.admin.range(this.stream, IdRange.all().withFromAfter(found.get(found.size() - 1)), 100);
		}
		assertThat(found).hasSize(21)
			.doesNotHaveDuplicates()
			.isSortedAccordingTo(Comparator.comparing(RecordId::getValue));
		assertThat(this.admin.reverseRange(this.stream, IdRange.all(), 100)).hasSize(9);
		assertThat(this.admin.read(this.stream, BEGIN, 100, Duration.ZERO)).hasSize(8);
		assertThat(this.admin.read(this.stream, BEGIN, 100, Duration.ofSeconds(1))).hasSize(8);
	}

	@Test
	void entryLargerThanAPageComesAlone() {
		add("x".repeat(9_000_000));
		add("small");

		assertThat(this.admin.range(this.stream, IdRange.all(), 100)).hasSize(1);
	}

	@Test
	void pageOfSmallEntriesIsFull() {
		for (int i = 0; i < 130; i++) {
			add("small");
		}

		assertThat(this.admin.range(this.stream, IdRange.all(), 100)).hasSize(100);
		assertThat(this.admin.reverseRange(this.stream, IdRange.all(), 200)).hasSize(130);
		assertThat(this.admin.read(this.stream, BEGIN, 100, Duration.ofSeconds(1))).hasSize(100);
	}

}
