package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Redis refuses dead letters for longer than a lease: what is given up is not attempted
 * again, and no more is read than may wait.
 */
class DeadLetterOutageIntegrationTests extends ListenerTest {

	private static final int MESSAGES = 3_000;

	private static final int MOST_OWED = 1_024;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Map<String, Integer> starts = new ConcurrentHashMap<>();

	DeadLetterOutageIntegrationTests(TestRedis redis) {
		super(redis);
	}

	private static long refusals(ContainerFixture node) {
		return node.outcomes().stream().filter((outcome) -> outcome == Outcome.DEAD_LETTER_REFUSED).count();
	}

	@Test
	void attemptsNothingAgainThatIsGivenUp() {
		String letters = "{" + this.stream + "}:dlq";
		this.redis.execute("SET", letters, "text");
		for (int i = 0; i < MESSAGES; i++) {
			this.redis.xadd(this.stream, Map.of("name", "dog" + i));
		}
		ContainerFixture node = this.nodes.add();
		node.start(Subscription.of(this.stream, "billing", (message, ack) -> {
			this.starts.merge(message.id().getValue(), 1, Integer::sum);
			ack.reject("no such dog");
		}).withOptions(Nodes.quick().withReadCount(20)));
		await().atMost(PATIENCE).until(() -> this.starts.size() >= MOST_OWED);
		// Each is refused every 500 ms.
		await("longer than a lease").atMost(PATIENCE).until(() -> refusals(node) > 6 * MOST_OWED);
		assertThat(this.redis.pendingCount(this.stream, "billing")).isLessThan(MESSAGES);

		this.redis.execute("DEL", letters);

		await().atMost(PATIENCE).until(() -> this.redis.xlen(letters) == MESSAGES);
		assertThat(this.starts).hasSize(MESSAGES);
		assertThat(this.starts.values()).containsOnly(1);
	}

}
