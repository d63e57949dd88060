package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.Level;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.LogLines;
import dev.pubsub.redis.test.TestRedis;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How much a failure says in the log, and in its dead letter.
 */
class FailureLinesIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String EVIL = "no stock\r\n2026-01-01 ERROR forged \u001b[2J" + "x".repeat(200_000);

	@AutoClose
	private final LogLines lines = new LogLines();

	FailureLinesIntegrationTests(TestRedis redis) {
		super(redis);
	}

	private Subscription failing(int retryCount, RuntimeException failure) {
		RetryBackoff soon = RetryBackoff.defaults().withDelay(Duration.ofMillis(1)).withMaxDelay(Duration.ofMillis(1));
		return Subscription.of(this.stream, "billing", (message, ack) -> {
			throw failure;
		})
			.withOptions(Nodes.quick())
			.withRedelivery(Redelivery.defaults().withRetryCount(retryCount).withBackoff(soon));
	}

	private void awaitDeadLetters(int count) {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.nodes.first().outcomes()).filteredOn(Outcome.DEAD_LETTERED::equals)
				.hasSize(count));
	}

	private Map<String, String> deadLetter() {
		List<?> entry = (List<?>) this.redis.executeForList("XRANGE", "{" + this.stream + "}:dlq", "-", "+").get(0);
		List<?> fields = (List<?>) entry.get(1);
		Map<String, String> map = new LinkedHashMap<>();
		for (int i = 0; i < fields.size(); i += 2) {
			map.put((String) fields.get(i), (String) fields.get(i + 1));
		}
		return map;
	}

	@Test
	void logsOneLinePerFailedAttemptAndOneWhenTheMessageIsGivenUp() {
		this.nodes.add().start(failing(2, new IllegalStateException("no stock")));
		String id = this.redis.xadd(this.stream, Map.of("item", "apple"));
		awaitDeadLetters(1);

		assertThat(this.lines.of(Level.WARN, id)).hasSize(3)
			.allMatch((line) -> line.endsWith(": java.lang.IllegalStateException: no stock"))
			.satisfies((line) -> assertThat(line).startsWith("Attempt 1 of 3").contains("next in 1 ms"), atIndex(0))
			.satisfies((line) -> assertThat(line).startsWith("Giving up on").contains("after 3 attempts"), atIndex(2));
	}

	@Test
	void logsTheStackTraceOncePerExceptionClass() {
		this.nodes.add().start(failing(4, new IllegalStateException("no stock")));
		for (int i = 0; i < 5; i++) {
			this.redis.xadd(this.stream, Map.of("item", "apple"));
		}
		awaitDeadLetters(5);

		assertThat(this.lines.print(this.stream).lines()).filteredOn((line) -> line.startsWith("java.lang.Illegal"))
			.hasSize(1);
	}

	@Test
	void errorHandlerThatAlwaysFailsIsToldOnce() {
		this.nodes.add().start(failing(2, new IllegalStateException("no stock")).withErrorHandler((attempt) -> {
			throw new IllegalStateException("no pager");
		}));
		for (int i = 0; i < 5; i++) {
			this.redis.xadd(this.stream, Map.of("item", "apple"));
		}
		awaitDeadLetters(5);

		assertThat(this.lines.of(Level.WARN, "no pager")).hasSize(1);
	}

	@Test
	void letsNoMessageForgeALineOrFillTheLog() {
		this.nodes.add().start(failing(1, new IllegalStateException(EVIL, new RuntimeException(EVIL))));
		this.redis.xadd(this.stream, Map.of("item", "apple"));
		awaitDeadLetters(1);

		String log = this.lines.print(this.stream);
		assertThat(log).contains("no stock\\r\\n2026-01-01 ERROR forged \\u001b[2J")
			.doesNotContain("\u001b")
			.hasSizeLessThan(30_000);
		assertThat(log.lines()).noneMatch((line) -> line.startsWith("2026"));
		assertThat(deadLetter()).hasEntrySatisfying("__DLQ_MESSAGE",
				(text) -> assertThat(text).startsWith("no stock\\r\\n2026").hasSizeLessThan(1200));
	}

	@Test
	void logsOneLineForAnUnreadableEntry() {
		this.nodes.add()
			.start(failing(3, new PayloadConversionException("not valid JSON", new IllegalStateException(EVIL))));
		String id = this.redis.xadd(this.stream, Map.of("item", "apple"));
		awaitDeadLetters(1);

		assertThat(this.lines.print(id).lines()).hasSize(1).allMatch((line) -> line.contains("not valid JSON"));
	}

	@Test
	void deadLetterSaysWhatHappenedWhenAndWhere() {
		this.nodes.add().start(failing(0, new IllegalStateException("no stock")));
		String id = this.redis.xadd(this.stream, Map.of("item", "apple"));
		awaitDeadLetters(1);

		assertThat(deadLetter()).containsEntry("item", "apple")
			.containsEntry("__DLQ_STREAM", this.stream)
			.containsEntry("__DLQ_ID", id)
			.containsEntry("__DLQ_GROUP", "billing")
			.containsEntry("__DLQ_ATTEMPTS", "1")
			.containsEntry("__DLQ_REASON", "attempts-exhausted")
			.containsEntry("__DLQ_EXCEPTION", "java.lang.IllegalStateException")
			.containsEntry("__DLQ_MESSAGE", "no stock")
			.containsKeys("__DLQ_TIME", "__DLQ_CONSUMER")
			.doesNotContainKey("__DLQ_STACKTRACE");
	}

	@Test
	void deadLetterLeavesOutTheMessagesOfTheApplicationWhereThatIsWanted() {
		Subscription subscription = failing(0, new IllegalStateException("card 4711"));
		this.nodes.add().start(subscription.withDeadLetters(DeadLetterPolicy.defaults().withMessage(false)));
		this.redis.xadd(this.stream, Map.of("item", "apple"));
		awaitDeadLetters(1);

		assertThat(deadLetter()).containsKey("__DLQ_EXCEPTION").doesNotContainKey("__DLQ_MESSAGE");
	}

	@Test
	void tellsOnceThatDeadLettersVanish() {
		Subscription subscription = failing(0, new IllegalStateException("no stock"));
		this.nodes.add().start(subscription.withDeadLetters(DeadLetterPolicy.defaults().withMaxLength(1)));
		this.redis.xadd(this.stream, Map.of("item", "apple"));
		this.redis.xadd(this.stream, Map.of("item", "pear"));
		awaitDeadLetters(2);

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.lines.of(Level.WARN, this.stream, "has reached its limit of about 1"))
				.hasSize(1));
	}

	@Test
	void tellsOfAPauseAndItsEndInOneLineEach() {
		StreamListenerContainer container = this.nodes.add().start(failing(0, new IllegalStateException()));
		await().atMost(PATIENCE).until(() -> container.getState() == ContainerState.RUNNING);
		int before = this.lines.of(Level.INFO, this.stream).size();

		container.pause();
		container.resume();

		assertThat(this.lines.of(Level.INFO, this.stream).subList(before, before + 2))
			.satisfies((line) -> assertThat(line).contains("is paused"), atIndex(0))
			.satisfies((line) -> assertThat(line).contains("is running"), atIndex(1));
	}

	@Test
	void tellsOnceOfAConsumerThatIsGone() {
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0", "MKSTREAM");
		for (int i = 0; i < 5; i++) {
			this.redis.xadd(this.stream, Map.of("item", "apple"));
		}
		this.redis.execute("XREADGROUP", "GROUP", "billing", "gone\n", "STREAMS", this.stream, ">");
		this.nodes.add().start(failing(2, new IllegalStateException("no stock")));
		awaitDeadLetters(5);

		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(this.lines.of(Level.INFO, "Consumer gone\\n of " + this.stream, "is gone for"))
						.hasSize(1));
	}

	private static Index atIndex(int index) {
		return Index.atIndex(index);
	}

}
