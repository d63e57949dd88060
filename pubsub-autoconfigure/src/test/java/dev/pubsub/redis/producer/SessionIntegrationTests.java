package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import io.lettuce.core.ClientOptions;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

@RedisTest
class SessionIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private RedisStreamProducer producer;

	SessionIntegrationTests(TestRedis redis) {
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
	void sendsNothingBeforeCommit() {
		ProducerSession session = this.producer.session().add(this.stream, Map.of("hello", "foo"));

		assertThat(session.size()).isOne();
		assertThat(this.redis.execute("EXISTS", this.stream)).isEqualTo(0L);
	}

	@Test
	void returnsIdsInOrderOfAddOverSeveralStreamsAndChunks() {
		String other = this.redis.key("other");
		ProducerSession session = this.producer.session();
		for (int i = 0; i < 3000; i++) {
			session.add((i % 3 == 0) ? other : this.stream, "m" + i);
		}

		List<RecordId> ids = session.commit();

		assertThat(session.size()).isZero();
		assertThat(ids).hasSize(3000);
		assertThat(payloadOf(other, ids.get(2400))).isEqualTo("m2400");
		assertThat(payloadOf(this.stream, ids.get(2401))).isEqualTo("m2401");
		assertThat(this.redis.xlen(other)).isEqualTo(1000);
		assertThat(this.redis.xlen(this.stream)).isEqualTo(2000);
	}

	@Test
	void sendsWhatIsBeingCommittedBeforeItCloses() {
		ProducerSession session = this.producer.newSession();
		for (int i = 0; i < 20_000; i++) {
			session.add(this.stream, "m" + i);
		}

		CompletableFuture<List<RecordId>> ids = session.commitAsync();
		this.producer.close();

		assertThat(ids).succeedsWithin(Duration.ofSeconds(5))
			.asInstanceOf(InstanceOfAssertFactories.LIST)
			.hasSize(20_000);
	}

	@Test
	void sendsMoreThanTheRequestQueueOfTheApplicationHolds() {
		LettuceClientConfiguration client = LettuceClientConfiguration.builder()
			.clientOptions(ClientOptions.builder().requestQueueSize(100).build())
			.build();
		LettuceConnectionFactory factory = this.redis.connectionFactory(client);
		try (RedisStreamProducer bounded = RedisStreamProducer.create(factory)) {
			ProducerSession session = bounded.newSession();
			for (int i = 0; i < 200; i++) {
				session.add(this.stream, "m" + i);
			}

			assertThat(session.commit()).hasSize(200);
		}
		finally {
			factory.destroy();
		}
	}

	@Test
	void writesChunksInOrder() {
		ProducerSession session = this.producer.session();
		for (int i = 0; i < 20_000; i++) {
			session.add(this.stream, "m" + i);
		}

		List<RecordId> ids = session.commit();

		assertThat(this.redis.executeForList("XRANGE", this.stream, "-", "+"))
			.extracting((entry) -> ((List<?>) entry).get(0))
			.isEqualTo(ids.stream().map(RecordId::getValue).toList());
	}

	@Test
	void commitsAgainAndNothingTwice() {
		ProducerSession session = this.producer.session().add(this.stream, "a");
		session.commit();
		assertThat(session.commit()).isEmpty();
		session.add(this.stream, "b");
		assertThat(session.publish()).hasSize(1);

		assertThat(this.redis.xlen(this.stream)).isEqualTo(2);
	}

	@Test
	void forgetsWhatIsCleared() {
		ProducerSession session = this.producer.session().add(this.stream, "a");
		session.clear();

		assertThat(session.commit()).isEmpty();
	}

	@Test
	void encodesWhenAdded() {
		List<String> mutable = new ArrayList<>(List.of("before"));
		ProducerSession session = this.producer.session().add(this.stream, mutable);
		mutable.set(0, "after");

		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> session.add(this.stream, Map.of("__SOURCE", "x")))
			.withMessageContaining("__SOURCE");
		List<RecordId> ids = session.commit();
		assertThat(payloadOf(this.stream, ids.get(0))).isEqualTo("[\"before\"]");
	}

	@Test
	void refusesAnotherThread() {
		ProducerSession session = this.producer.session().add(this.stream, "a");

		CompletableFuture<ProducerSession> other = CompletableFuture.supplyAsync(() -> session.add(this.stream, "b"));

		assertThat(other).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withCauseInstanceOf(IllegalStateException.class)
			.withMessageContaining("belongs to thread");
		assertThat(session.commit()).hasSize(1);
	}

	@Test
	void refusesToBeUsedDuringAsynchronousCommit() {
		ProducerSession session = this.producer.session();
		for (int i = 0; i < 20_000; i++) {
			session.add(this.stream, "m");
		}

		CompletableFuture<List<RecordId>> ids = session.commitAsync();
		assertThatIllegalStateException().isThrownBy(() -> session.add(this.stream, "b"));

		assertThat(ids).succeedsWithin(Duration.ofSeconds(20))
			.asInstanceOf(InstanceOfAssertFactories.LIST)
			.hasSize(20_000);
		assertThat(session.size()).isZero();
	}

	@Test
	void canBeUsedAgainWhenCallerGaveUpOnCommit() {
		ProducerSession session = this.producer.session();
		for (int i = 0; i < 20_000; i++) {
			session.add(this.stream, "m");
		}

		session.commitAsync().cancel(true);

		await("end of the commit").pollInSameThread()
			.ignoreException(IllegalStateException.class)
			.until(() -> session.size() == 0);
		assertThat(session.add(this.stream, "b").commit()).hasSize(1);
		assertThat(this.redis.xlen(this.stream)).isEqualTo(20_001);
	}

	@Test
	void canBeUsedWhenProducerWasClosedBeforeOrDuringCommit() {
		ProducerSession session = this.producer.session();
		for (int i = 0; i < 20_000; i++) {
			session.add(this.stream, "m");
		}

		CompletableFuture<List<RecordId>> during = session.commitAsync();
		this.producer.close();
		await("end of the commit, well or not").until(during::isDone);
		int left = session.add(this.stream, "another").size();
		assertThat(session.commitAsync()).failsWithin(Duration.ofSeconds(10));

		assertThat(session.size()).isEqualTo(left);
	}

	@Test
	void retriesWhatWasRejectedAndOnlyThat() {
		String wrong = this.redis.key("wrong");
		this.redis.execute("SET", wrong, "a text");
		ProducerSession session = this.producer.session();
		session.add(this.stream, "a").add(wrong, "b").add(this.stream, "c").add(wrong, "d");

		PublishException failure = failureOf(session);
		assertThat(failure.results()).extracting(PublishResult::status)
			.containsExactly(PublishResult.Status.SENT, PublishResult.Status.REJECTED, PublishResult.Status.SENT,
					PublishResult.Status.REJECTED);
		assertThat(failure).hasMessageContaining("WRONGTYPE");
		assertThat(session.size()).isEqualTo(2);

		this.redis.execute("DEL", wrong);
		assertThat(failure.retryable().commit()).hasSize(2);
		assertThat(session.size()).as("both hold the same messages").isZero();
		assertThat(session.commit()).isEmpty();
		assertThat(this.redis.xlen(this.stream)).isEqualTo(2);
		assertThat(this.redis.xlen(wrong)).isEqualTo(2);
	}

	@Test
	void tellsWhatWasSentWhenMemoryRunsOutInTheMiddle() {
		try (RedisServerProcess server = RedisServerProcess.start("--maxmemory", "4mb", "--maxmemory-policy",
				"noeviction");
				RedisStreamProducer limited = RedisStreamProducer.create(server.redis().connectionFactory())) {
			ProducerSession session = limited.session();
			for (int i = 0; i < 1000; i++) {
				session.add("orders", "x".repeat(8000));
			}

			PublishException failure = failureOf(session);

			long sent = count(failure, PublishResult.Status.SENT);
			long rejected = count(failure, PublishResult.Status.REJECTED);
			assertThat(failure.results()).hasSize(1000);
			assertThat(sent).isPositive().isEqualTo(server.redis().xlen("orders"));
			assertThat(rejected).isEqualTo(1000 - sent);
			assertThat(failure.retryable().size()).isEqualTo((int) rejected);

			server.redis().execute("CONFIG", "SET", "maxmemory", "0");
			failure.retryable().commit();
			assertThat(server.redis().xlen("orders")).isEqualTo(1000);
		}
	}

	@Test
	void failsAsynchronouslyWithTheSameException() {
		this.redis.execute("SET", this.stream, "a text");
		ProducerSession session = this.producer.session().add(this.stream, "a");

		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> session.commitAsync().join())
			.withCauseInstanceOf(PublishException.class);
		assertThat(session.size()).isOne();
	}

	private PublishException failureOf(ProducerSession session) {
		return (PublishException) catchThrowable(session::commit);
	}

	private static long count(PublishException failure, PublishResult.Status status) {
		return failure.results().stream().filter((result) -> result.status() == status).count();
	}

	private String payloadOf(String key, RecordId id) {
		List<Object> entry = this.redis.executeForList("XRANGE", key, id.getValue(), id.getValue());
		return (String) ((List<?>) ((List<?>) entry.get(0)).get(1)).get(1);
	}

}
