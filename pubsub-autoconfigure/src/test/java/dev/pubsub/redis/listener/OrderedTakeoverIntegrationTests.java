package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an owner left behind. The claim interval is so long that no search helps.
 */
class OrderedTakeoverIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	private static final Pattern PENDING_CALLS = Pattern.compile("cmdstat_xpending:calls=(\\d+)");

	private final ConcurrentLinkedQueue<Integer> handled = new ConcurrentLinkedQueue<>();

	OrderedTakeoverIntegrationTests(TestRedis redis) {
		super(redis);
	}

	@Test
	void looksAtNoMoreThanTheFirstMessageOfAKey() {
		add(3000);
		leave(3000, 3_600_000);
		long before = looks();

		start(20, this::handle);

		awaitHandled(3000);
		assertThat(List.copyOf(this.handled)).isSorted();
		assertThat(looks() - before).as("looks at what is pending").isLessThan(5 * 3000);
	}

	@Test
	void goesOnWithTheKeyWhenMessagesAreAcknowledgedElsewhere() throws Exception {
		add(400);
		leave(400, 3_600_000);
		CountDownLatch first = new CountDownLatch(1);
		start(20, (message, acknowledgment) -> {
			first.countDown();
			this.release.await();
			handle(message, acknowledgment);
		});
		first.await();

		acknowledge(1, 390);
		this.release.countDown();

		awaitHandled(11);
		assertThat(List.copyOf(this.handled)).isSorted().contains(0, 390, 399);
	}

	@Test
	void goesOnWithTheKeyWhenItsFirstMessageIsAcknowledgedElsewhereDuringItsLease() {
		add(5);
		leave(5, 0);
		start(20, this::handle);
		await().atMost(PATIENCE)
			.until(() -> String.valueOf(this.redis.executeForList("XPENDING", this.stream, "billing"))
				.contains("pubsub"));

		acknowledge(0, 1);

		awaitHandled(4);
		assertThat(this.handled).containsExactly(1, 2, 3, 4);
	}

	private void add(int count) {
		this.redis.execute("EVAL",
				"for i = 0, ARGV[1] - 1 do redis.call('XADD', KEYS[1], '*', '__KEY', 'one', 'number', i) end", "1",
				this.stream, Integer.toString(count));
	}

	/**
	 * Have an owner die that was given all and began the first.
	 */
	private void leave(int count, long idleMillis) {
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "dead", "COUNT", Integer.toString(count), "STREAMS",
				this.stream, ">");
		List<String> claim = new ArrayList<>(List.of("XCLAIM", this.stream, "billing", "dead", "0"));
		claim.addAll(ids(0, count));
		claim.addAll(List.of("IDLE", Long.toString(idleMillis), "RETRYCOUNT", "1", "JUSTID"));
		this.redis.execute(claim.toArray(new String[0]));
	}

	private void acknowledge(int from, int to) {
		List<String> command = new ArrayList<>(List.of("XACK", this.stream, "billing"));
		command.addAll(ids(from, to));
		this.redis.execute(command.toArray(new String[0]));
	}

	private List<String> ids(int from, int to) {
		return this.redis.executeForList("XRANGE", this.stream, "-", "+")
			.subList(from, to)
			.stream()
			.map((entry) -> String.valueOf(((List<?>) entry).get(0)))
			.toList();
	}

	private void start(int retries, StreamHandler handler) {
		this.nodes.add()
			.start(Subscription.of(this.stream, "billing", handler)
				.withOptions(Nodes.quick().withThreads(4).withOrdered(true).withClaimInterval(Duration.ofMinutes(2)))
				.withRedelivery(Redelivery.defaults().withRetryCount(retries)));
	}

	private void handle(StreamMessage<EntryFields> message, Acknowledgment acknowledgment) {
		this.handled.add(Integer.parseInt(String.valueOf(message.payload().getText("number"))));
	}

	private void awaitHandled(int count) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.handled).hasSize(count));
	}

	private long looks() {
		Matcher calls = PENDING_CALLS.matcher(String.valueOf(this.redis.execute("INFO", "commandstats")));
		return calls.find() ? Long.parseLong(calls.group(1)) : 0;
	}

}
