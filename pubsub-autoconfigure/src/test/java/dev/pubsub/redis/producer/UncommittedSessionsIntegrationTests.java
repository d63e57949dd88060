package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A session that the application loses sight of does not take its messages with it in
 * silence.
 */
@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class UncommittedSessionsIntegrationTests {

	private static final String LOST = "given up without commit()";

	private static final String PACKAGE = UncommittedSessions.class.getPackageName();

	private final TestRedis redis;

	private final String stream;

	private RedisStreamProducer producer;

	UncommittedSessionsIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
	}

	@BeforeEach
	void open() {
		this.producer = RedisStreamProducer.create(this.redis.connectionFactory());
	}

	@AfterEach
	void close() {
		this.producer.close();
	}

	@Test
	void warnsOfASessionThatWasNeverCommitted(CapturedOutput output) {
		this.producer.session().add(this.stream, "a").add(this.stream, "b");

		awaitCollection(output, "Lost 2 messages of a session that was given up without commit()");
		assertThat(output).contains("WARN", this.stream, Thread.currentThread().getName())
			.doesNotContain("first used here");
	}

	@Test
	void warnsOnceWithATotalOfMany(CapturedOutput output) {
		for (int i = 0; i < 50; i++) {
			this.producer.newSession().add(this.stream, "a");
		}
		awaitCollection(output, LOST);
		awaitCollection(() -> uncommitted().isEmpty());

		this.producer.close();

		assertThat(output.getAll().lines().filter((line) -> line.contains(LOST))).hasSize(2);
		assertThat(output).contains("Lost 1 messages of a session", "Lost 49 more messages of sessions");
	}

	@Test
	void showsAtDebugWhereItWasUsed(CapturedOutput output) {
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		logging.setLogLevel(PACKAGE, LogLevel.DEBUG);
		try {
			this.producer.session().add(this.stream, "a");

			awaitCollection(output, LOST);
			assertThat(output).contains("first used here", "showsAtDebugWhereItWasUsed");
		}
		finally {
			logging.setLogLevel(PACKAGE, null);
		}
	}

	@Test
	void warnsAtOnceWhenAnotherSessionIsCommittedThanTheOneThatWasFilled(CapturedOutput output) {
		this.producer.session().add(this.stream, "a");
		this.producer.session().commit();

		assertThat(output).contains("another session of this thread holds 1 that were not committed");
		assertThat(this.redis.xlen(this.stream)).isZero();
	}

	@Test
	void saysNothingOfOneOfSeveralSessionsThatGotNoMessages(CapturedOutput output) {
		ProducerSession orders = this.producer.session();
		ProducerSession audits = this.producer.session();
		audits.add(this.stream, "a");
		orders.commit();
		audits.commit();

		assertThat(output).doesNotContain("WARN");
		assertThat(this.redis.xlen(this.stream)).isOne();
	}

	@Test
	void warnsOnceAMinuteOfSessionsThatAreMistakenForOne(CapturedOutput output) {
		for (int i = 0; i < 20; i++) {
			this.producer.session().add(this.stream, "a");
			this.producer.session().commit();
		}

		assertThat(output.getAll().lines().filter((line) -> line.contains("another session of this thread")))
			.hasSize(1);
	}

	@Test
	void saysNothingOfASessionThatIsCommittedWithoutMessages(CapturedOutput output) {
		ProducerSession held = this.producer.session().add(this.stream, "a");
		held.commit();
		held.commit();
		this.producer.session().commit();

		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void saysNothingOfSessionsThatWereCommittedClearedOrFailedWithAnException(CapturedOutput output) {
		this.producer.session().add(this.stream, "a").commit();
		this.producer.session().add(this.stream, "a").clear();
		this.redis.execute("SET", this.redis.key("text"), "a text");
		assertThatExceptionOfType(PublishException.class)
			.isThrownBy(() -> this.producer.session().add(this.redis.key("text"), "a").commit());
		CompletableFuture<?> failure = this.producer.session()
			.add(this.redis.key("text"), "a")
			.commitAsync()
			.exceptionally((ex) -> null);
		assertThat(failure).succeedsWithin(Duration.ofSeconds(5));
		this.producer.session().add(this.stream, "canary");

		awaitCollection(() -> uncommitted().isEmpty());
		assertThat(output.getAll().lines().filter((line) -> line.contains("WARN"))).hasSize(1);
	}

	@Test
	void warnsOfACommitThatFailedWhenItsFutureWasCancelled(CapturedOutput output) {
		this.redis.execute("SET", this.redis.key("text"), "a text");

		this.producer.session().add(this.redis.key("text"), "a").commitAsync().cancel(false);

		awaitCollection(output, LOST);
	}

	@Test
	void warnsOfSessionsThatAreHeldUntilTheProducerIsClosed(CapturedOutput output) {
		ProducerSession held = this.producer.session().add(this.stream, "a").add(this.stream, "b");

		this.producer.close();

		assertThat(output).contains("Closing while 2 messages of 1 sessions were not committed");
		assertThat(held.size()).isEqualTo(2);
	}

	private Set<SessionMessages> uncommitted() {
		return ((DefaultRedisStreamProducer) this.producer).uncommitted().open();
	}

	private static void awaitCollection(CapturedOutput output, String text) {
		awaitCollection(() -> output.getAll().contains(text));
	}

	/**
	 * Collect garbage until something has come of it.
	 */
	private static void awaitCollection(Callable<Boolean> condition) {
		Awaitility.await("collection of the session").atMost(Duration.ofSeconds(30)).until(() -> {
			System.gc();
			return condition.call();
		});
	}

}
