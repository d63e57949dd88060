package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An owner goes on after the loss of what it had, and holds up no key for longer than it
 * must. Where the claim interval is long, the next look comes too late.
 */
class OrderedRecoveryIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration LONG = Duration.ofMinutes(2);

	private final List<Integer> handled = new CopyOnWriteArrayList<>();

	OrderedRecoveryIntegrationTests(TestRedis redis) {
		super(redis);
	}

	@Test
	void losesNothingWithTheStreamAlthoughANewGroupBeginsAtTheLatest() {
		add(0, 1);
		start(options().withStartFrom(StartFrom.LATEST), this::handle);
		awaitGroup();
		add(1, 5);
		awaitHandled(5);

		this.redis.execute("DEL", this.stream, owner());
		add(10, 5);

		awaitHandled(10);
		assertThat(this.handled).containsExactly(1, 2, 3, 4, 5, 10, 11, 12, 13, 14);
	}

	@Test
	void losesNothingWithTheStreamAsItStoodBy() {
		add(0, 1);
		ContainerFixture first = start(options().withStartFrom(StartFrom.LATEST), this::handle);
		awaitGroup();
		StreamListenerContainer second = start(options().withStartFrom(StartFrom.LATEST), this::handle).registry
			.getContainers()
			.iterator()
			.next();
		await().atMost(PATIENCE).until(() -> second.getOwnership().isPresent());

		first.vanish();
		this.redis.execute("DEL", this.stream, owner());
		add(10, 5);

		awaitHandled(5);
		assertThat(this.handled).containsExactly(10, 11, 12, 13, 14);
	}

	@Test
	void handlesAgainOnlyWhatWasOpenWhenTheGroupIsLost() {
		CountDownLatch running = new CountDownLatch(1);
		AtomicInteger attempts = new AtomicInteger();
		start(options(), (message, acknowledgment) -> {
			if (attempts.getAndIncrement() == 0) {
				running.countDown();
				this.release.await();
			}
			handle(message, acknowledgment);
		});
		add(0, 10);
		await().atMost(PATIENCE).until(() -> running.getCount() == 0 && pending() == 10);
		// Those that wait in line are left to the next owner, which is this instance.
		this.redis.execute("DEL", owner());
		this.release.countDown();
		await().atMost(PATIENCE).until(() -> this.handled.contains(9) && pending() == 0);
		add(10, 10);
		await().atMost(PATIENCE).until(() -> this.handled.contains(19) && pending() == 0);
		this.handled.clear();

		this.redis.execute("XGROUP", "DESTROY", this.stream, "billing");
		add(20, 1);

		await().atMost(PATIENCE).until(() -> this.handled.contains(20));
		assertThat(this.handled).containsExactly(20);
	}

	@Test
	void goesOnWithTheKeyWhenAMessageIsDeletedThatWaitsForItsNextAttempt() {
		ContainerFixture node = start(options().withClaimInterval(LONG), (message, acknowledgment) -> {
			if (number(message) == 0) {
				throw new IllegalStateException("transient");
			}
			handle(message, acknowledgment);
		});
		add(0, 2);
		await().atMost(PATIENCE).until(() -> node.outcomes().contains(Outcome.FAILED));

		this.redis.execute("XDEL", this.stream, id(0));

		awaitHandled(1);
	}

	@Test
	void attemptsAMessageAgainAlthoughThoseBehindItAreAsLargeAsMayBeRead() {
		String load = "x".repeat(20_000);
		for (int i = 0; i < 40; i++) {
			this.redis.xadd(this.stream, Map.of(EntryFormat.KEY, "one", "number", Integer.toString(i), "load", load));
		}
		AtomicInteger attempts = new AtomicInteger();

		start(options().withReadBytes(DataSize.ofKilobytes(100)), (message, acknowledgment) -> {
			if (attempts.getAndIncrement() == 0) {
				throw new IllegalStateException("transient");
			}
			handle(message, acknowledgment);
		});

		awaitHandled(40);
		assertThat(this.handled).isSorted();
	}

	@Test
	void takesOverOneMessageOfAKeyAfterTheOther() {
		add(0, 50);
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "dead", "COUNT", "50", "STREAMS", this.stream, ">");
		List<String> claim = new ArrayList<>(List.of("XCLAIM", this.stream, "billing", "dead", "0"));
		for (int i = 0; i < 50; i++) {
			claim.add(id(i));
		}
		claim.addAll(List.of("IDLE", "3600000", "RETRYCOUNT", "1", "JUSTID"));
		this.redis.execute(claim.toArray(new String[0]));

		start(options().withClaimInterval(LONG), this::handle);

		awaitHandled(50);
		assertThat(this.handled).isSorted();
	}

	private ContainerFixture start(ContainerOptions options, StreamHandler handler) {
		ContainerFixture node = this.nodes.add();
		node.start(Subscription.of(this.stream, "billing", handler)
			.withOptions(options)
			.withRedelivery(
					Redelivery.defaults().withRetryCount(20).withBackoff(RetryBackoff.fixed(Duration.ofSeconds(1)))));
		return node;
	}

	private static ContainerOptions options() {
		return Nodes.quick().withThreads(4).withOrdered(true);
	}

	private void handle(StreamMessage<EntryFields> message, Acknowledgment acknowledgment) {
		this.handled.add(number(message));
	}

	private void add(int from, int count) {
		for (int i = from; i < from + count; i++) {
			this.redis.xadd(this.stream, Map.of(EntryFormat.KEY, "one", "number", Integer.toString(i)));
		}
	}

	private String id(int index) {
		List<?> entries = this.redis.executeForList("XRANGE", this.stream, "-", "+");
		return String.valueOf(((List<?>) entries.get(index)).get(0));
	}

	private void awaitGroup() {
		await().atMost(PATIENCE).until(() -> !this.redis.executeForList("XINFO", "GROUPS", this.stream).isEmpty());
	}

	private void awaitHandled(int count) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.handled).hasSize(count));
	}

	private long pending() {
		return this.redis.pendingCount(this.stream, "billing");
	}

	private String owner() {
		return "{" + this.stream + "}:billing:owner";
	}

	private static int number(StreamMessage<EntryFields> message) {
		return Integer.parseInt(String.valueOf(message.payload().getText("number")));
	}

}
