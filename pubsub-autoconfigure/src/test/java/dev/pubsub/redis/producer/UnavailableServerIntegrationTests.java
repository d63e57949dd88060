package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.test.RedisServerProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A server that refuses writes for a while, since it misses its replicas.
 */
class UnavailableServerIntegrationTests {

	private static final int MESSAGES = 2000;

	private final RedisServerProcess server = RedisServerProcess.start();

	private final LettuceConnectionFactory factory = new LettuceConnectionFactory(this.server.host(),
			this.server.port());

	@AfterEach
	void close() {
		this.server.close();
	}

	private RedisStreamProducer producer(Duration timeout) {
		return RedisStreamProducer.builder(this.factory)
			.options(ProducerOptions.defaults().withTimeout(timeout))
			.build();
	}

	private void refuseWrites(boolean refuse) {
		this.server.send("CONFIG", "SET", "min-replicas-to-write", refuse ? "1" : "0");
	}

	@Test
	void asynchronousMessagesKeepTheirOrderWhileItRefuses() throws Exception {
		try (RedisStreamProducer producer = producer(Duration.ofSeconds(20))) {
			producer.publish("orders", "first");
			List<CompletableFuture<RecordId>> ids = new ArrayList<>();
			for (int i = 0; i < MESSAGES; i++) {
				if (i % 1000 == 500) {
					refuseWrites(i == 500);
				}
				ids.add(producer.publishAsync("orders", "m" + i));
				LockSupport.parkNanos(500_000);
			}
			CompletableFuture.allOf(ids.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
		}

		assertThat(payloads()).containsExactlyElementsOf(
				IntStream.range(-1, MESSAGES).mapToObj((i) -> (i < 0) ? "first" : "m" + i).toList());
	}

	@Test
	void asynchronousMessagesArriveOnceHoweverOftenItRefuses() throws Exception {
		try (RedisStreamProducer producer = producer(Duration.ofSeconds(20))) {
			producer.publish("orders", "first");
			List<CompletableFuture<RecordId>> ids = new ArrayList<>();
			for (int i = 0; i < MESSAGES; i++) {
				if (i % 300 == 0) {
					refuseWrites(i % 600 == 0);
				}
				ids.add(producer.publishAsync("orders", "m" + i));
				LockSupport.parkNanos(100_000);
			}
			refuseWrites(false);
			CompletableFuture.allOf(ids.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);
		}

		assertThat(payloads()).hasSize(MESSAGES + 1).doesNotHaveDuplicates();
	}

	@Test
	void sessionsAndSingleMessagesWaitUntilItTakesThem() {
		try (RedisStreamProducer producer = producer(Duration.ofSeconds(20))) {
			producer.publish("orders", "first");
			refuseWrites(true);
			CompletableFuture<?> single = CompletableFuture.runAsync(() -> producer.publish("orders", "single"));
			CompletableFuture<?> later = producer.newSession().add("orders", "a1").add("orders", "a2").commitAsync();
			CompletableFuture<?> commit = CompletableFuture
				.runAsync(() -> producer.newSession().add("orders", "b1").add("orders", "b2").commit());
			CompletableFuture<?> durable = producer.publishAsync("orders", "once",
					PublishOptions.defaults().withIdempotencyId("once"));
			assertThat(CompletableFuture.anyOf(single, later, commit, durable).orTimeout(300, TimeUnit.MILLISECONDS))
				.failsWithin(Duration.ofSeconds(2));
			refuseWrites(false);

			assertThat(CompletableFuture.allOf(single, later, commit, durable)).succeedsWithin(Duration.ofSeconds(10));
		}
		assertThat(payloads()).containsSubsequence("a1", "a2")
			.containsSubsequence("b1", "b2")
			.containsExactlyInAnyOrder("first", "single", "a1", "a2", "b1", "b2", "once");
	}

	@Test
	void everythingEndsWithTheReasonWhenItNeverTakesThem() {
		try (RedisStreamProducer producer = producer(Duration.ofSeconds(3))) {
			producer.publish("orders", "first");
			refuseWrites(true);

			assertThat(producer.publishAsync("orders", "async")).failsWithin(Duration.ofSeconds(8))
				.withThrowableThat()
				.withMessageContaining("NOREPLICAS");
			assertThat(producer.newSession().add("orders", "a").commitAsync()).failsWithin(Duration.ofSeconds(8))
				.withThrowableThat()
				.withMessageContaining("NOREPLICAS");
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> producer.newSession().add("orders", "b").commit())
				.withMessageContaining("NOREPLICAS");
			assertThatExceptionOfType(PublishException.class).isThrownBy(() -> producer.publish("orders", "single"))
				.withMessageContaining("NOREPLICAS");
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> producer.publish("orders", "durable",
						PublishOptions.defaults()
							.withDurability(Durability.ofReplicas(1).withTimeout(Duration.ofMillis(100)))))
				.withMessageContaining("NOREPLICAS");
			refuseWrites(false);
			producer.publish("orders", "last");
		}
		assertThat(payloads()).containsExactly("first", "last");
	}

	private List<String> payloads() {
		try (StreamAdmin admin = StreamAdmin.create(this.factory)) {
			return admin.range("orders", IdRange.all(), 100_000)
				.stream()
				.map((entry) -> entry.fields().getText("payload"))
				.toList();
		}
	}

}
