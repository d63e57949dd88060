package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A group that was destroyed: what was not settled comes again.
 */
class LostGroupIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	LostGroupIntegrationTests(TestRedis redis) {
		super(redis);
	}

	private Subscription subscription(StreamHandler handler) {
		return Subscription.of(this.stream, "billing", handler)
			.withOptions(Nodes.quick())
			.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMillis(300))));
	}

	private void add(String name) {
		this.redis.xadd(this.stream, Map.of("name", name));
	}

	private void destroyGroup() {
		this.redis.execute("XGROUP", "DESTROY", this.stream, "billing");
	}

	/**
	 * Wait until a paused container does not read any more.
	 */
	private void awaitNoReader() {
		await().until(() -> !String.valueOf(this.redis.execute("CLIENT", "LIST")).contains("flags=b"));
	}

	private static void awaitRunning(StreamListenerContainer container) {
		await().until(() -> container.getState() == ContainerState.RUNNING);
	}

	@Test
	void tellsOfEachLossOnce() {
		ContainerFixture node = this.nodes.add();
		StreamListenerContainer container = node.start(subscription((message, ack) -> {
		}));
		awaitRunning(container);
		assertThat(node.groupLosses).isEmpty();

		destroyGroup();

		await().atMost(PATIENCE).until(() -> !node.groupLosses.isEmpty());
		assertThat(node.groupLosses).singleElement().satisfies((loss) -> {
			assertThat(loss.container()).isEqualTo(container.getId());
			assertThat(loss.stream()).isEqualTo(this.stream);
			assertThat(loss.group()).isEqualTo("billing");
		});
	}

	@Test
	void attemptsAgainWhatWasDueWhenItWasLost() {
		AtomicInteger starts = new AtomicInteger();
		ContainerFixture node = this.nodes.add();
		StreamListenerContainer container = node.start(subscription((message, ack) -> {
			if (starts.incrementAndGet() == 1) {
				throw new IllegalStateException("no stock");
			}
		}));
		awaitRunning(container);
		add("dog");
		await().until(() -> node.outcomes().contains(Outcome.FAILED));
		container.pause();
		awaitDue();

		destroyGroup();
		container.resume();

		await().atMost(PATIENCE).until(() -> starts.get() == 2);
	}

	/**
	 * Wait until the retry of the one pending entry is due: it is idle for longer than
	 * the lease.
	 */
	private void awaitDue() {
		await()
			.until(() -> !this.redis.executeForList("XPENDING", this.stream, "billing", "IDLE", "2200", "-", "+", "1")
				.isEmpty());
	}

	@Test
	void attemptsAgainWhatFailedWhileNobodyRead() throws Exception {
		AtomicInteger starts = new AtomicInteger();
		ContainerFixture node = this.nodes.add();
		StreamListenerContainer container = node.start(subscription((message, ack) -> {
			if (starts.incrementAndGet() == 1) {
				this.release.await();
				throw new IllegalStateException("no stock");
			}
		}));
		awaitRunning(container);
		add("dog");
		await().until(() -> starts.get() == 1);
		container.pause();
		awaitNoReader();

		destroyGroup();
		this.release.countDown();
		await().until(() -> node.outcomes().contains(Outcome.FAILED));
		container.resume();

		await().atMost(PATIENCE).until(() -> starts.get() == 2);
	}

	@Test
	void deadLettersWhatWasRejectedWhileNobodyRead() throws Exception {
		AtomicInteger starts = new AtomicInteger();
		StreamListenerContainer container = this.nodes.add().start(subscription((message, ack) -> {
			starts.incrementAndGet();
			this.release.await();
			ack.reject("never");
		}));
		awaitRunning(container);
		add("dog");
		await().until(() -> starts.get() == 1);
		container.pause();
		awaitNoReader();

		destroyGroup();
		this.release.countDown();
		container.resume();

		await().atMost(PATIENCE).until(() -> this.redis.xlen("{" + this.stream + "}:dlq") == 1);
	}

	@Test
	void attemptsAgainWhatAnyReaderOfTheContainerHad() {
		Set<String> failed = ConcurrentHashMap.newKeySet();
		Set<String> again = ConcurrentHashMap.newKeySet();
		Subscription one = subscription((message, ack) -> {
			String name = String.valueOf(message.payload().getText("name"));
			if (failed.add(name)) {
				LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
				throw new IllegalStateException("no stock");
			}
			again.add(name);
		});
		ContainerFixture node = this.nodes.add();
		node.start(one.withOptions(one.options().withProcesses(2).withThreads(1))
			.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMillis(1900)))));
		for (int i = 0; i < 10; i++) {
			add("dog" + i);
		}
		await().until(() -> node.outcomes().size() == 10);

		destroyGroup();

		await().atMost(PATIENCE).until(() -> again.size() == 10);
	}

	@Test
	void goesOnFromWhereItBeganWhenItHadNothing() {
		Set<String> names = ConcurrentHashMap.newKeySet();
		add("old");
		Subscription one = subscription((message, ack) -> names.add(String.valueOf(message.payload().getText("name"))));
		StreamListenerContainer container = this.nodes.add()
			.start(one.withOptions(one.options().withStartFrom(StartFrom.LATEST)));
		awaitRunning(container);

		destroyGroup();
		await().until(() -> !this.redis.executeForList("XINFO", "GROUPS", this.stream).isEmpty());
		add("new");

		await().atMost(PATIENCE).until(() -> names.contains("new"));
		assertThat(names).containsExactly("new");
	}

	/**
	 * What waits for its next attempt is in no table of the node that begins the group
	 * again.
	 */
	@Test
	void attemptsAgainWhatEveryNodeHad() {
		Set<String> failed = ConcurrentHashMap.newKeySet();
		Set<String> again = ConcurrentHashMap.newKeySet();
		Subscription one = subscription((message, ack) -> {
			String name = String.valueOf(message.payload().getText("name"));
			if (failed.add(name)) {
				throw new IllegalStateException("no stock");
			}
			again.add(name);
		}).withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMillis(1900))));
		for (int i = 0; i < 3; i++) {
			awaitRunning(this.nodes.add().start(one.withOptions(one.options().withThreads(1).withReadCount(1))));
		}
		for (int i = 0; i < 60; i++) {
			add("dog" + i);
			int count = i + 1;
			await().until(() -> failed.size() == count);
		}

		destroyGroup();

		await().atMost(PATIENCE).until(() -> again.size() == 60);
	}

	@Test
	void attemptsAgainWhatANodeHadThatDidNotNoticeTheLoss() throws Exception {
		Set<String> started = ConcurrentHashMap.newKeySet();
		Queue<String> again = new ConcurrentLinkedQueue<>();
		StreamHandler hold = (message, ack) -> {
			String name = String.valueOf(message.payload().getText("name"));
			if (started.add(name) && name.startsWith("held")) {
				this.release.await();
				throw new IllegalStateException("no stock");
			}
			again.add(name);
		};
		Subscription one = subscription(hold);
		Subscription single = one.withOptions(one.options().withThreads(1).withReadCount(1));
		awaitRunning(this.nodes.add().start(single));
		add("held");
		await().until(() -> started.contains("held"));
		// Its only thread is busy: it does not read while the group is gone.
		awaitNoReader();
		awaitRunning(this.nodes.add().start(one));
		add("other");
		await().until(() -> again.contains("other"));
		destroyGroup();
		add("new");
		await().atMost(PATIENCE).until(() -> again.contains("new"));
		assertThat(again).doesNotContain("held");

		this.release.countDown();

		await().atMost(PATIENCE).until(() -> again.contains("held"));
	}

}
