package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.ScarceThreads;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A machine that has no thread left for a while: every loop goes on when there is one.
 */
class ThreadShortageIntegrationTests extends ListenerTest {

	private static final String GROUP = "billing";

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	private final ScarceThreads threads = new ScarceThreads();

	private final Queue<String> handled = new ConcurrentLinkedQueue<>();

	ThreadShortageIntegrationTests(TestRedis redis) {
		super(redis);
	}

	@Test
	void startsMessagesAsOftenAsThereIsAThreadAgain() {
		startNode();

		for (int i = 0; i < 3; i++) {
			this.threads.refuse(2);
			String id = this.redis.xadd(this.stream, Map.of("name", "dog"));

			await("handled").atMost(PATIENCE).until(() -> this.handled.contains(id));
			await("no thread was left").until(() -> this.threads.missing() == 0);
		}

		assertThat(this.handled).hasSize(3);
	}

	@Test
	void claimsWhenThereIsAThreadAgain() {
		startNode();
		String id = this.redis.xadd(this.stream, Map.of("name", "cat"));
		await("handled").until(() -> this.handled.contains(id));
		await("acknowledged").until(() -> this.redis.pendingCount(this.stream, GROUP) == 0);

		this.threads.refuse(3);
		this.redis.execute("XCLAIM", this.stream, GROUP, "dead", "0", id, "FORCE", "IDLE", "60000");

		await("claimed").atMost(PATIENCE).until(() -> this.handled.size() == 2);
		await("acknowledged").until(() -> this.redis.pendingCount(this.stream, GROUP) == 0);
	}

	@Test
	void stopsWhenThereIsAThreadAgain() {
		startNode();

		this.threads.refuse(2);
		this.nodes.close();

		assertThat(this.threads.missing()).isZero();
	}

	private void startNode() {
		this.nodes.addOn(BackgroundThreads.of(this.threads))
			.start(Subscription.of(this.stream, GROUP, (message, ack) -> this.handled.add(message.id().getValue()))
				.withOptions(Nodes.quick().withThreads(1)));
		String id = this.redis.xadd(this.stream, Map.of("name", "first"));
		await("handled").until(() -> this.handled.remove(id));
		await("acknowledged").until(() -> this.redis.pendingCount(this.stream, GROUP) == 0);
	}

}
