package dev.pubsub.redis.operations;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.pubsub.redis.DeadLetterFormat;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.listener.DeadLetterPolicy;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.operations.DeadLetterRun.State;
import dev.pubsub.redis.operations.OperationException.Kind;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.pubsub.redis.operations.OperationFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

@RedisTest
class DeadLetterOperationsIntegrationTests {

	private static final PageRequest PAGE = PageRequest.first();

	private final TestRedis redis;

	private final String stream;

	private final String letters;

	@AutoClose
	private final OperationsFixture application;

	DeadLetterOperationsIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.letters = "{" + this.stream + "}:dlq";
		this.application = new OperationsFixture(redis.connectionFactory());
	}

	@BeforeEach
	void knowTheStream() {
		this.application.builder.streams(List.of(this.stream));
		this.application.rebuild();
	}

	@Test
	void listsPagesOldestOrNewestFirst() {
		List<String> ids = add(5);

		Page<DeadLetterStatus> first = list(Order.OLDEST_FIRST, PAGE.withLimit(3));
		Page<DeadLetterStatus> second = list(Order.OLDEST_FIRST, PAGE.withLimit(3).withAfter(first.next()));
		Page<DeadLetterStatus> newest = list(Order.NEWEST_FIRST, PAGE.withLimit(2));
		Page<DeadLetterStatus> older = list(Order.NEWEST_FIRST, PAGE.withLimit(3).withAfter(newest.next()));

		assertThat(ids(first)).isEqualTo(ids.subList(0, 3));
		assertThat(ids(second)).isEqualTo(ids.subList(3, 5));
		assertThat(second.next()).isNull();
		assertThat(ids(newest)).containsExactly(ids.get(4), ids.get(3));
		assertThat(ids(older)).containsExactly(ids.get(2), ids.get(1), ids.get(0));
		assertThat(older.next()).isNull();
	}

	@Test
	void tellsThereIsMoreWhenLargeLettersMakeAPageShort() {
		String large = "x".repeat(3 * 1024 * 1024);
		List<String> ids = IntStream.range(0, 5)
			.mapToObj((i) -> this.redis.xadd(this.letters, Map.of("payload", large)))
			.toList();

		Page<DeadLetterStatus> first = list(Order.OLDEST_FIRST, PAGE);
		Page<DeadLetterStatus> second = list(Order.OLDEST_FIRST, PAGE.withAfter(first.next()));

		assertThat(first.items()).hasSizeBetween(1, 4);
		assertThat(first.next()).isNotNull();
		assertThat(Stream.of(first, second).flatMap((page) -> ids(page).stream()).toList())
			.isEqualTo(ids.subList(0, first.items().size() + second.items().size()));
		assertThat(first.items().get(0).fields()).singleElement().satisfies((field) -> {
			assertThat(field.value()).hasSize(FieldStatus.MOST_BYTES);
			assertThat(field.bytes()).isEqualTo(large.length());
		});
	}

	@Test
	void hidesWhatIsInThem() {
		add(1);

		DeadLetterStatus hidden = this.application.deadLetters()
			.list(this.stream, IdRange.all(), Order.OLDEST_FIRST, Payloads.HIDDEN, PAGE)
			.items()
			.get(0);
		DeadLetterStatus shown = list(Order.OLDEST_FIRST, PAGE).items().get(0);

		assertThat(hidden.fields()).isNull();
		assertThat(hidden.stackTrace()).isNull();
		assertThat(hidden)
			.extracting(DeadLetterStatus::reason, DeadLetterStatus::exception, DeadLetterStatus::message,
					DeadLetterStatus::attempts)
			.containsExactly("attempts-exhausted", "java.lang.IllegalStateException", "no stock", 11);
		assertThat(shown.stackTrace()).isEqualTo("at Shop.sell");
		assertThat(shown.fields()).extracting(FieldStatus::name, FieldStatus::value)
			.containsExactly(tuple("payload", "0"));
	}

	@Test
	void redrivesOne() {
		List<String> ids = add(2);

		String id = this.application.deadLetters().redrive(this.stream, ids.get(1));

		assertThat(this.redis.executeForList("XRANGE", this.stream, "-", "+"))
			.containsExactly(List.of(id, List.of("payload", "1")));
		assertThat(this.redis.xlen(this.letters)).isOne();
		assertFails(Kind.UNKNOWN, "There is no dead letter " + ids.get(1),
				() -> this.application.deadLetters().redrive(this.stream, ids.get(1)));
		assertFails(Kind.INVALID, "'id' must be the id of an entry",
				() -> this.application.deadLetters().redrive(this.stream, "first"));
		assertFails(Kind.INVALID, "'id' must be the id of an entry",
				() -> this.application.deadLetters().redrive(this.stream, "99999999999999999999-0"));
	}

	@Test
	void redrivesARange() {
		List<String> ids = add(5);

		this.application.deadLetters().redrive(this.stream, EntryIds.range(ids.get(1), ids.get(3)));

		await().untilAsserted(() -> assertThat(run().state()).isEqualTo(State.DONE));
		assertThat(run().done()).isEqualTo(3);
		assertThat(run().ended()).isNotNull();
		assertThat(this.redis.xlen(this.stream)).isEqualTo(3);
		assertThat(ids(list(Order.OLDEST_FIRST, PAGE))).containsExactly(ids.get(0), ids.get(4));
	}

	@Test
	void redrivesNoMoreThanTheRateAllowsAndCanBeCancelled() {
		add(50);
		this.application.builder.redriveRate(10);
		this.application.rebuild();

		this.application.deadLetters().redrive(this.stream, IdRange.all());

		assertFails(Kind.CONFLICT, "is under way",
				() -> this.application.deadLetters().redrive(this.stream, IdRange.all()));
		await().until(() -> run().done() > 0);
		DeadLetterRun cancelled = this.application.deadLetters().cancel(this.stream);
		assertThat(cancelled.state()).isEqualTo(State.CANCELLED);
		await().untilAsserted(
				() -> assertThat(this.redis.xlen(this.stream) + this.redis.xlen(this.letters)).isEqualTo(50));
		assertThat(this.redis.xlen(this.letters)).isPositive();
		assertFails(Kind.CONFLICT, "under way", () -> this.application.deadLetters().cancel(this.stream));
	}

	@Test
	void leavesWhatHoldsNoMessage() {
		add(1);
		String note = this.redis.xadd(this.letters, Map.of(DeadLetterFormat.REASON, "entry-deleted"));
		add(1);

		this.application.deadLetters().redrive(this.stream, IdRange.all());

		await().until(() -> run().state() == State.DONE);
		assertThat(run().done()).isEqualTo(2);
		assertThat(run().left()).isOne();
		assertThat(run().problem()).contains(note);
		assertThat(ids(list(Order.OLDEST_FIRST, PAGE))).containsExactly(note);
		assertFails(Kind.CONFLICT, "no message", () -> this.application.deadLetters().redrive(this.stream, note));
	}

	@Test
	void leavesWhatRedisRefuses() {
		add(3);
		this.redis.execute("XADD", this.stream, "18446744073709551615-18446744073709551615", "payload", "last");

		this.application.deadLetters().redrive(this.stream, IdRange.all());

		await().until(() -> run().state() == State.DONE);
		assertThat(run().done()).isZero();
		assertThat(run().left()).isEqualTo(3);
		assertThat(this.redis.xlen(this.letters)).isEqualTo(3);
	}

	@Test
	void discardsSomeOrAll() {
		List<String> ids = add(1500);

		assertThat(this.application.deadLetters().discard(this.stream, ids.subList(0, 2))).isEqualTo(2);
		this.application.deadLetters().discard(this.stream, IdRange.all());

		await().until(() -> run().state() == State.DONE);
		assertThat(run().done()).isEqualTo(1498);
		assertThat(this.redis.xlen(this.letters)).isZero();
		assertFails(Kind.INVALID, "'ids' must be 1 to 200",
				() -> this.application.deadLetters().discard(this.stream, List.of()));
	}

	@Test
	void bringsSharedLettersBackToTheirOwnStreams() {
		String payments = this.redis.key("payments");
		String shared = this.redis.key("failures");
		UnaryOperator<Subscription> sharing = (subscription) -> subscription
			.withDeadLetters(DeadLetterPolicy.defaults().withStream(shared));
		this.application.start(sharing.apply(Subscription.of(this.stream, "billing", (message, acknowledgment) -> {
		})));
		this.application.start(sharing.apply(Subscription.of(payments, "billing", (message, acknowledgment) -> {
		})));
		this.redis.xadd(shared, Map.of("payload", "a", DeadLetterFormat.STREAM, this.stream));
		this.redis.xadd(shared, Map.of("payload", "b", DeadLetterFormat.STREAM, payments));
		this.redis.xadd(shared, Map.of("payload", "c", DeadLetterFormat.STREAM, this.redis.key("foreign")));

		this.application.deadLetters().redrive(shared, IdRange.all());

		await().until(() -> this.application.deadLetters().run(shared).orElseThrow().state() == State.DONE);
		assertThat(this.redis.xlen(payments)).isOne();
		assertThat(this.redis.xlen(this.stream)).isEqualTo(2);
		assertThat(this.redis.xlen(this.redis.key("foreign"))).isZero();
	}

	@Test
	void knowsOnlyStreamsOfTheApplication() {
		assertFails(Kind.UNKNOWN, "has nothing to do with a stream \"other\"", () -> this.application.deadLetters()
			.list("other", IdRange.all(), Order.OLDEST_FIRST, Payloads.SHOWN, PAGE));
	}

	private List<String> add(int count) {
		return IntStream.range(0, count)
			.mapToObj((i) -> this.redis.xadd(this.letters,
					Map.of("payload", Integer.toString(i), DeadLetterFormat.STREAM, this.stream, DeadLetterFormat.ID,
							"1-1", DeadLetterFormat.REASON, "attempts-exhausted", DeadLetterFormat.ATTEMPTS, "11",
							DeadLetterFormat.EXCEPTION, "java.lang.IllegalStateException", DeadLetterFormat.MESSAGE,
							"no stock", DeadLetterFormat.STACKTRACE, "at Shop.sell")))
			.toList();
	}

	private DeadLetterRun run() {
		return this.application.deadLetters().run(this.stream).orElseThrow();
	}

	private Page<DeadLetterStatus> list(Order order, PageRequest page) {
		return this.application.deadLetters().list(this.stream, IdRange.all(), order, Payloads.SHOWN, page);
	}

	private static List<String> ids(Page<DeadLetterStatus> page) {
		return page.items().stream().map(DeadLetterStatus::id).toList();
	}

}
