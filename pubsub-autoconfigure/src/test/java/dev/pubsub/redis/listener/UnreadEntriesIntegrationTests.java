package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.pubsub.redis.observe.UnreadLoss;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Entries that are removed before the group has read them are told of.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnreadEntriesIntegrationTests extends ListenerTest {

	private static final String REMOVED = "were removed before the group had read them";

	/**
	 * While nothing is read, a look comes every 24 of these.
	 */
	private static final Duration INTERVAL = Duration.ofMillis(20);

	private final Queue<String> handled = new ConcurrentLinkedQueue<>();

	UnreadEntriesIntegrationTests(TestRedis redis) {
		super(redis);
	}

	@Test
	void tellsOfWhatWasTrimmedWhileItWasPaused(CapturedOutput output) {
		ContainerFixture node = this.nodes.add();
		StreamListenerContainer container = node.start(subscription());
		add(1, 3);
		await().until(() -> this.handled.size() == 3);
		container.pause();
		awaitNoReader();
		add(4, 10);
		awaitALook();
		this.redis.execute("XTRIM", this.stream, "MAXLEN", "0");
		add(11, 12);
		awaitLosses(node);
		container.resume();

		await().until(() -> this.handled.contains("12-0"));
		awaitALook();
		assertThat(this.handled).doesNotContain("4-0", "10-0").contains("11-0", "12-0");
		assertThat(output.getAll().lines().filter((line) -> line.contains(REMOVED))).hasSize(1);
		UnreadLoss loss = node.unreadLosses.get(0);
		assertThat(loss.after()).isEqualTo(RecordId.of("3-0"));
		assertThat(loss.group()).isEqualTo("billing");
		assertThat(node.unreadLosses).extracting(UnreadLoss::atLeast).containsExactly(tellsWhatWasAdded() ? 7L : 1L);
	}

	@Test
	void tellsAtTheStartOfWhatWasTrimmedBefore(CapturedOutput output) {
		add(1, 10);
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "other", "COUNT", "3", "NOACK", "STREAMS", this.stream,
				">");
		this.redis.execute("XTRIM", this.stream, "MAXLEN", "2");

		ContainerFixture node = this.nodes.add();
		node.start(subscription());

		await().until(() -> this.handled.containsAll(List.of("9-0", "10-0")));
		List<Long> lost = node.unreadLosses.stream().map(UnreadLoss::atLeast).toList();
		assertThat(lost).isEqualTo(tellsWhatWasAdded() ? List.of(5L) : List.of());
		assertThat(output.getAll().contains(REMOVED)).isEqualTo(tellsWhatWasAdded());
	}

	@Test
	void tellsOnceOfALossHoweverOftenItIsStartedWhereHandledEntriesAreDeleted() {
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
		add(1, 2);
		this.redis.execute("XREADGROUP", "GROUP", "billing", "other", "NOACK", "STREAMS", this.stream, ">");
		add(3, 5);
		this.redis.execute("XTRIM", this.stream, "MAXLEN", "0");
		add(6, 7);
		ContainerFixture node = this.nodes.add();
		Subscription deleting = subscription();
		StreamListenerContainer container = node
			.start(deleting.withOptions(deleting.options().withDeleteAfterAck(true)));
		await().until(() -> this.handled.contains("7-0") && this.redis.xlen(this.stream) == 0);

		container.stop();
		add(8, 9);
		container.start();
		await().until(() -> this.handled.contains("9-0"));

		assertThat(node.unreadLosses).extracting(UnreadLoss::atLeast)
			.isEqualTo(tellsWhatWasAdded() ? List.of(3L) : List.of());
	}

	@Test
	void saysNothingOfWhatWasReadDeletedOrSkipped(CapturedOutput output) {
		add(1, 10);
		this.redis.execute("XTRIM", this.stream, "MAXLEN", "5");
		ContainerFixture node = this.nodes.add();
		node.start(subscription());
		await().until(() -> this.handled.size() == 5);
		awaitALook();
		this.redis.execute("XDEL", this.stream, "7-0", "10-0");
		awaitALook();
		this.redis.execute("XTRIM", this.stream, "MAXLEN", "0");
		awaitALook();
		add(11, 12);
		await().until(() -> this.handled.size() == 7);
		this.redis.execute("XGROUP", "DESTROY", this.stream, "billing");
		awaitALook();
		add(13, 14);
		await().until(() -> this.handled.contains("14-0"));
		this.redis.execute("DEL", this.stream);
		awaitALook();
		add(1, 2);
		await().until(() -> this.handled.stream().filter("2-0"::equals).count() == 1);
		awaitALook();

		assertThat(node.unreadLosses).isEmpty();
		assertThat(output).doesNotContain(REMOVED);
	}

	private Subscription subscription() {
		return Subscription.of(this.stream, "billing", (message, ack) -> this.handled.add(message.id().toString()))
			.withOptions(Nodes.quick().withClaimInterval(INTERVAL));
	}

	private void add(int from, int to) {
		for (int i = from; i <= to; i++) {
			this.redis.execute("XADD", this.stream, i + "-0", "name", "dog");
		}
	}

	private boolean tellsWhatWasAdded() {
		return this.redis.executeForList("XINFO", "STREAM", this.stream).contains("entries-added");
	}

	private void awaitLosses(ContainerFixture node) {
		await().until(() -> !node.unreadLosses.isEmpty());
	}

	/**
	 * Wait until a look has begun and ended since now: two more scripts have run.
	 */
	private void awaitALook() {
		long before = looks();
		await().until(() -> looks() >= before + 3);
	}

	/**
	 * Return how often an engine asked about groups, which only looks do so often.
	 */
	private long looks() {
		String stats = String.valueOf(this.redis.execute("INFO", "commandstats"));
		return stats.lines()
			.filter((line) -> line.matches("cmdstat_xinfo(\\|stream)?:.*"))
			.map((line) -> Long.parseLong(line.replaceAll("[^:]*:calls=(\\d+),.*", "$1")))
			.findFirst()
			.orElse(0L);
	}

	/**
	 * Wait until the paused container does not read any more.
	 */
	private void awaitNoReader() {
		await().until(() -> !String.valueOf(this.redis.execute("CLIENT", "LIST")).contains("flags=b"));
	}

}
