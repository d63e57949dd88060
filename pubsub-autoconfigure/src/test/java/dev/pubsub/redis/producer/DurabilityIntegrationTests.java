package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.test.RedisServerProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Messages that a replica has to confirm.
 */
class DurabilityIntegrationTests {

	private static final Durability ONE_REPLICA = Durability.ofReplicas(1).withTimeout(Duration.ofMillis(300));

	private static final PublishOptions DURABLE = PublishOptions.defaults().withDurability(ONE_REPLICA);

	private final RedisServerProcess master = RedisServerProcess.start("--repl-diskless-sync-delay", "0");

	private final RedisServerProcess replica = RedisServerProcess.start("--replicaof", this.master.host(),
			"" + this.master.port());

	private RedisStreamProducer producer;

	@BeforeEach
	void open() {
		await("the replica has caught up").until(() -> {
			this.master.send("SET", "caught", "up");
			return "up".equals(this.replica.send("GET", "caught"))
					&& Long.valueOf(1).equals(this.master.send("WAIT", "1", "1"));
		});
		this.producer = producer(ProducerOptions.defaults());
	}

	@AfterEach
	void close() {
		this.replica.resume();
		this.producer.close();
		this.replica.close();
		this.master.close();
	}

	@Test
	void publishesWhatAReplicaConfirms() {
		RecordId id = this.producer.publish("orders", "apple", DURABLE);

		assertThat(this.replica.send("XRANGE", "orders", id.getValue(), id.getValue())).asString().contains("apple");
	}

	@Test
	void leavesInDoubtWhatNoReplicaConfirms() {
		this.replica.freeze();

		PublishException failure = catchThrowableOfType(PublishException.class,
				() -> this.producer.publish("orders", "apple", DURABLE));

		assertThat(failure.results()).extracting(PublishResult::status).containsExactly(PublishResult.Status.UNKNOWN);
		assertThat(failure.retryable().size()).isZero();
		assertThat(failure).hasMessageContaining("It is not known")
			.hasMessageContaining("0 of 1 replicas within PT0.3S");
		assertThat(failure.getCause()).isInstanceOfSatisfying(NotConfirmedException.class, (cause) -> {
			assertThat(cause.getReplicas()).isZero();
			assertThat(this.master.send("XRANGE", "orders", cause.getId().getValue(), "+")).asString()
				.contains("apple");
		});
	}

	@Test
	void confirmsOnlyWhatWasAskedFor() {
		this.producer.publish("orders", "apple");
		this.replica.freeze();

		assertThat(this.producer.publish("orders", "pear")).isNotNull();
		assertThatExceptionOfType(PublishException.class).isThrownBy(
				() -> this.producer.publish("orders", "plum", DURABLE.withDurability(ONE_REPLICA.withReplicas(2))));
	}

	@Test
	void takesTheProducersDurability() {
		try (RedisStreamProducer durable = producer(ProducerOptions.defaults().withDurability(ONE_REPLICA))) {
			assertThat(durable.publish("orders", "apple")).isNotNull();
			this.replica.freeze();

			assertThatExceptionOfType(PublishException.class).isThrownBy(() -> durable.publish("orders", "pear"));
			assertThat(durable.publish("orders", "plum", DURABLE.withDurability(Durability.none()))).isNotNull();
		}
	}

	@Test
	void sharesOneConfirmationAmongMessagesPublishedTogether() {
		this.producer.publish("orders", "warm", DURABLE);
		this.replica.freeze();

		List<CompletableFuture<RecordId>> futures = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			futures.add(this.producer.publishAsync("orders", "apple " + i, DURABLE));
		}

		// One by one they would take a minute, and the link would be given up.
		assertThat(futures).allSatisfy((future) -> assertThat(future).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingRootCause()
			.isInstanceOf(NotConfirmedException.class));
		assertThat(this.master.send("XLEN", "orders")).isEqualTo(201L);
	}

	@Test
	void keepsOtherMessagesFromWaiting() {
		this.producer.publish("orders", "warm", DURABLE);
		this.replica.freeze();

		CompletableFuture<RecordId> durable = this.producer.publishAsync("orders", "apple",
				DURABLE.withDurability(ONE_REPLICA.withTimeout(Duration.ofSeconds(2))));
		assertThat(this.producer.publish("orders", "pear")).isNotNull();
		assertThat(durable).isNotDone();
	}

	@Test
	void publishesSessionThatAReplicaConfirms() {
		ProducerOptions options = ProducerOptions.defaults().withChunkSize(10).withDurability(ONE_REPLICA);
		try (RedisStreamProducer durable = producer(options)) {
			ProducerSession session = durable.newSession();
			for (int i = 0; i < 50; i++) {
				session.add("orders" + (i % 3), "apple " + i);
			}

			assertThat(session.commit()).hasSize(50);

			assertThat(this.replica.send("XLEN", "orders0")).isEqualTo(17L);
		}
	}

	@Test
	void keepsInSessionWhatNoReplicaConfirmed() {
		ProducerOptions options = ProducerOptions.defaults().withChunkSize(1).withDurability(ONE_REPLICA);
		try (RedisStreamProducer durable = producer(options)) {
			ProducerSession session = durable.newSession();
			for (int i = 0; i < 20; i++) {
				session.add("orders", "apple " + i);
			}
			this.replica.freeze();

			PublishException failure = catchThrowableOfType(PublishException.class, session::commit);

			long sent = (Long) this.master.send("XLEN", "orders");
			assertThat(failure.results()).filteredOn((result) -> result.status() == PublishResult.Status.UNKNOWN)
				.hasSize((int) sent);
			assertThat(failure.retryable().size()).isEqualTo(20 - (int) sent).isPositive();
			this.replica.resume();
			assertThat(failure.retryable().commit()).hasSize(20 - (int) sent);
			assertThat(this.replica.send("XLEN", "orders")).isEqualTo(20L);
		}
	}

	@Test
	void doesNotTakeARepetitionForConfirmed() {
		PublishOptions once = DURABLE.withIdempotencyId("order-1");
		this.replica.freeze();
		assertThatExceptionOfType(PublishException.class)
			.isThrownBy(() -> this.producer.publish("orders", "apple", once));

		// On a connection of its own, which has written nothing yet.
		try (RedisStreamProducer second = producer(ProducerOptions.defaults())) {
			assertThatExceptionOfType(PublishException.class).isThrownBy(() -> second.publish("orders", "apple", once));
			this.replica.resume();
			assertThat(second.publish("orders", "apple", once)).isNotNull();
		}
		assertThat(this.master.send("XLEN", "orders")).isEqualTo(1L);
	}

	@Test
	void asksDisksWhereTheServerCanTell() {
		PublishOptions onDisk = PublishOptions.defaults()
			.withDurability(Durability.none().withFsync(true).withTimeout(Duration.ofSeconds(2)));
		try (RedisServerProcess server = RedisServerProcess.start("--appendonly", "yes", "--appendfsync", "always");
				RedisStreamProducer durable = RedisStreamProducer.create(server.redis().connectionFactory())) {
			if (!String.valueOf(server.send("COMMAND", "INFO", "WAITAOF")).contains("waitaof")) {
				assertThatExceptionOfType(PublishException.class)
					.isThrownBy(() -> durable.publish("orders", "apple", onDisk))
					.withMessageContaining("needs Redis 7.2")
					.satisfies((failure) -> assertThat(failure.results().get(0).status())
						.isEqualTo(PublishResult.Status.REJECTED));
				assertThat(server.send("EXISTS", "orders")).isEqualTo(0L);
				return;
			}
			assertThat(durable.publish("orders", "apple", onDisk)).isNotNull();
			server.send("CONFIG", "SET", "appendonly", "no");
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> durable.publish("orders", "pear", onDisk))
				.withMessageContaining("appendonly")
				.satisfies((failure) -> assertThat(failure.results().get(0).status())
					.isEqualTo(PublishResult.Status.UNKNOWN));
		}
	}

	private RedisStreamProducer producer(ProducerOptions options) {
		LettuceConnectionFactory factory = this.master.redis().connectionFactory();
		return RedisStreamProducer.builder(factory).options(options).build();
	}

}
