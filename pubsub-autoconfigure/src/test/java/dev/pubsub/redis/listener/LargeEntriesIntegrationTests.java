package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Entries that are large for a read, or for a reply at all.
 */
class LargeEntriesIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(40);

	private final Queue<String> handled = new ConcurrentLinkedQueue<>();

	LargeEntriesIntegrationTests(TestRedis redis) {
		super(redis);
	}

	@AfterEach
	void liftLimit() {
		limitReplies("0 0 0");
	}

	@Test
	void handlesOnceWhatIsTooLargeForOneRead() {
		addLarge(40, 100_000);

		this.nodes.add().start(subscription(10));

		await().atMost(PATIENCE).until(() -> this.handled.size() >= 40 && pending() == 0);
		assertThat(this.handled).hasSize(40).containsOnly("1");
	}

	@Test
	void fetchesByPiecesWhatADeadConsumerLeft() {
		addLarge(40, 100_000);
		deliverToTheDead(40);

		this.nodes.add().start(subscription(10));

		await().atMost(PATIENCE).until(() -> this.handled.size() >= 40 && pending() == 0);
		assertThat(this.handled).hasSize(40).containsOnly("2");
	}

	@Test
	void givesUpWithoutFetchingThePayload() {
		addLarge(1, 5_000_000);
		String id = deliverToTheDead(1);
		this.redis.execute("XCLAIM", this.stream, "billing", "dead", "0", id, "IDLE", "60000", "RETRYCOUNT", "3",
				"JUSTID");
		long before = sentBytes();

		ContainerFixture node = this.nodes.add();
		node.start(subscription(2));

		await().atMost(PATIENCE).until(() -> pending() == 0);
		assertThat(sentBytes() - before).isLessThan(2_000_000);
		assertThat(this.handled).isEmpty();
		List<?> letter = onlyDeadLetter();
		assertThat(String.valueOf(letter.get(letter.indexOf("payload") + 1))).hasSize(5_000_000);
		assertThat(letter.get(letter.indexOf("__DLQ_ID") + 1)).isEqualTo(id);
		assertThat(letter.get(letter.indexOf("__DLQ_REASON") + 1)).isEqualTo("attempts-exhausted");
		await().atMost(PATIENCE).until(() -> node.outcomes().contains(Outcome.DEAD_LETTERED));
	}

	@Test
	void namesAnEntryThatHasTooManyFieldsToCopy() {
		addFields(4_000, 100);
		String id = deliverToTheDead(1);
		this.redis.execute("XCLAIM", this.stream, "billing", "dead", "0", id, "IDLE", "60000", "RETRYCOUNT", "3",
				"JUSTID");

		this.nodes.add().start(subscription(2));

		await().atMost(PATIENCE).until(() -> pending() == 0);
		List<?> letter = onlyDeadLetter();
		assertThat(letter.get(0)).isEqualTo("__DLQ_STREAM");
		assertThat(letter.get(letter.indexOf("__DLQ_ID") + 1)).isEqualTo(id);
		assertThat(this.redis.xlen(this.stream)).isEqualTo(1);
	}

	@Test
	void copiesManyFieldsThatAreSmallTogether() {
		addFields(4_000, 1);
		String id = deliverToTheDead(1);
		this.redis.execute("XCLAIM", this.stream, "billing", "dead", "0", id, "IDLE", "60000", "RETRYCOUNT", "3",
				"JUSTID");

		this.nodes.add().start(subscription(2));

		await().atMost(PATIENCE).until(() -> pending() == 0);
		assertThat(onlyDeadLetter()).hasSizeGreaterThan(8_000);
	}

	/**
	 * A server that may keep 1 MB for a client closes the connection over each larger
	 * reply, however often it is asked for.
	 */
	@Test
	void givesUpWhatEndsEachConnectionAndHandlesTheRest() {
		limitReplies("1mb 1mb 0");
		addLarge(5, 1_000);
		addLarge(1, 3_000_000);
		addLarge(5, 1_000);
		long before = connections();

		this.nodes.add().start(subscription(1));

		await().atMost(PATIENCE).until(() -> this.handled.size() >= 10 && pending() == 0);
		assertThat(this.handled).hasSize(10);
		assertThat(this.redis.xlen("{" + this.stream + "}:dlq")).isEqualTo(1);
		assertThat(connections() - before).isLessThan(100);
	}

	private Subscription subscription(int retryCount) {
		return Subscription.of(this.stream, "billing", this::handle)
			.withRedelivery(Redelivery.defaults().withRetryCount(retryCount))
			.withOptions(Nodes.quick().withReadBytes(DataSize.ofKilobytes(256)));
	}

	private void handle(StreamMessage<EntryFields> message, Acknowledgment ack) {
		this.handled.add(Integer.toString(message.attempt()));
	}

	private void addLarge(int count, int size) {
		this.redis.execute("EVAL",
				"for i = 1, ARGV[1] do redis.call('XADD', KEYS[1], '*', 'payload', string.rep('x', ARGV[2])) end", "1",
				this.stream, Integer.toString(count), Integer.toString(size));
	}

	private void addFields(int count, int size) {
		String value = "x".repeat(size);
		String[] command = new String[3 + 2 * count];
		command[0] = "XADD";
		command[1] = this.stream;
		command[2] = "*";
		for (int i = 0; i < count; i++) {
			command[3 + 2 * i] = "f" + i;
			command[4 + 2 * i] = value;
		}
		this.redis.execute(command);
	}

	private String deliverToTheDead(int count) {
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
		this.redis.execute("EVAL",
				"redis.call('XREADGROUP', 'GROUP', 'billing', 'dead', 'COUNT', ARGV[1], 'STREAMS', KEYS[1], '>')", "1",
				this.stream, Integer.toString(count));
		List<Object> pending = this.redis.executeForList("XPENDING", this.stream, "billing", "-", "+", "1");
		return String.valueOf(((List<?>) pending.get(0)).get(0));
	}

	private List<?> onlyDeadLetter() {
		List<Object> letters = this.redis.executeForList("XRANGE", "{" + this.stream + "}:dlq", "-", "+");
		assertThat(letters).hasSize(1);
		return (List<?>) ((List<?>) letters.get(0)).get(1);
	}

	/**
	 * Without XINFO STREAM, whose reply has the payload of an entry.
	 */
	private long pending() {
		Object last = this.redis.execute("EVAL",
				"local info = redis.call('XINFO', 'STREAM', KEYS[1]) "
						+ "for i = 1, #info do if info[i] == 'last-generated-id' then return info[i + 1] end end",
				"1", this.stream);
		boolean delivered = this.redis.executeForList("XINFO", "GROUPS", this.stream)
			.stream()
			.map((group) -> (List<?>) group)
			.anyMatch((group) -> group.get(group.indexOf("last-delivered-id") + 1).equals(last));
		return delivered ? this.redis.pendingCount(this.stream, "billing") : -1;
	}

	private void limitReplies(String limits) {
		this.redis.execute("CONFIG", "SET", "client-output-buffer-limit", "normal " + limits);
	}

	private long sentBytes() {
		return stat("total_net_output_bytes");
	}

	private long connections() {
		return stat("total_connections_received");
	}

	private long stat(String name) {
		return String.valueOf(this.redis.execute("INFO", "stats"))
			.lines()
			.filter((line) -> line.startsWith(name + ":"))
			.mapToLong((line) -> Long.parseLong(line.substring(name.length() + 1).trim()))
			.sum();
	}

}
