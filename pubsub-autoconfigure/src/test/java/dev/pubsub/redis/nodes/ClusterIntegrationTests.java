package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.pubsub.redis.admin.AbsentStream;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.admin.StreamAdminException;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTopologyTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * All functions on a healthy cluster.
 */
@RedisTopologyTest
class ClusterIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final RedisCluster cluster;

	/** One on each master. */
	private final List<String> streams = new ArrayList<>();

	private NodesApplication application;

	ClusterIntegrationTests(RedisCluster cluster) {
		this.cluster = cluster;
	}

	@BeforeEach
	void start() {
		long test = System.nanoTime();
		this.cluster.masters().forEach((master) -> this.streams.add(this.cluster.keyOn(master, "orders" + test + "-")));
		this.application = NodesApplication.on(this.cluster);
	}

	@AfterEach
	void close() {
		this.application.close();
	}

	@Test
	void publishesToAllMastersAndListensToThem() {
		this.streams.forEach(this.application::listen);
		this.streams.forEach((stream) -> this.application.producer.publish(stream, "single"));
		this.streams.forEach((stream) -> this.application.producer.publish(stream, "idempotent",
				PublishOptions.defaults().withIdempotencyId("once")));
		this.streams.forEach((stream) -> this.application.producer.publish(stream, "idempotent",
				PublishOptions.defaults().withIdempotencyId("once")));

		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(this.streams).allSatisfy(
					(stream) -> assertThat(this.application.received(stream)).containsExactly("single", "idempotent")));
	}

	@Test
	void keepsOrderOfAsynchronousMessagesFromTheFirstOn() {
		List<CompletableFuture<RecordId>> ids = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			for (String stream : this.streams) {
				ids.add(this.application.producer.publishAsync(stream, "m" + i));
			}
		}

		assertThat(CompletableFuture.allOf(ids.toArray(CompletableFuture[]::new))).succeedsWithin(PATIENCE);
		try (StreamAdmin admin = StreamAdmin.create(this.application.factory)) {
			List<String> expected = IntStream.range(0, 2000).mapToObj((i) -> "m" + i).toList();
			assertThat(this.streams).allSatisfy((stream) -> assertThat(admin.range(stream, IdRange.all(), 2000))
				.extracting((message) -> message.fields().getText("payload"))
				.containsExactlyElementsOf(expected));
		}
	}

	@Test
	void commitsSessionOverAllMasters() {
		var session = this.application.producer.newSession();
		for (int i = 0; i < 500; i++) {
			for (String stream : this.streams) {
				session.add(stream, "m" + i);
			}
		}

		List<RecordId> ids = session.commit();

		assertThat(ids).hasSize(1500).doesNotContainNull();
		assertThat(this.streams)
			.allSatisfy((stream) -> assertThat(this.cluster.execute(stream, "XLEN", stream)).isEqualTo(500L));
	}

	@Test
	void administersStreamsOfAllMasters() {
		this.streams.forEach((stream) -> this.application.producer.publish(stream, "apple"));

		try (StreamAdmin admin = StreamAdmin.create(this.application.factory)) {
			for (String stream : this.streams) {
				assertThat(admin.length(stream)).isOne();
				assertThat(admin.group(stream, "audit").create(RecordId.of("0-0"), AbsentStream.CREATE)).isTrue();
				assertThat(admin.groups(stream)).hasSize(1);
				assertThat(admin.read(stream, RecordId.of("0-0"), 10, Duration.ofMillis(10))).hasSize(1);
				assertThat(admin.redrive(stream, IdRange.all())).isZero();
			}
		}
	}

	@Test
	void redriveNamesTheCureWhereDeadLettersAreInAnotherSlot() {
		String braces = "a}" + System.nanoTime();
		try (StreamAdmin admin = StreamAdmin.create(this.application.factory)) {
			String deadLetters = admin.deadLetterStream(braces);
			this.cluster.execute(deadLetters, "XADD", deadLetters, "1-0", "payload", "apple");

			assertThatExceptionOfType(StreamAdminException.class)
				.isThrownBy(() -> admin.redrive(braces, RecordId.of("1-0")))
				.withMessageContainingAll(deadLetters, "in another slot", "{orders}:eu");
			assertThatExceptionOfType(StreamAdminException.class).isThrownBy(() -> admin.redriveAll(braces))
				.withMessageContainingAll(deadLetters, "in another slot", "{orders}:eu");
			assertThat(admin.deadLetters(braces, IdRange.all(), 1)).hasSize(1);
		}
	}

	@Test
	void nodeThatIsTakenForASingleServerIsNamed() {
		RedisServerProcess wrong = this.cluster.masters()
			.stream()
			.filter((master) -> master != this.cluster.masterOf(this.streams.get(0)))
			.findFirst()
			.orElseThrow();
		try (NodesApplication single = NodesApplication
			.on(new RedisStandaloneConfiguration(wrong.host(), wrong.port()))) {
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> single.producer.publish(this.streams.get(0), "apple"))
				.withMessageContainingAll("MOVED", "spring.data.redis.cluster.nodes");
		}
	}

	@Test
	void firesCronJobsOnAllMasters() {
		try (CronScheduler scheduler = CronScheduler.create(this.application.factory)) {
			this.streams.forEach((stream) -> scheduler
				.schedule(CronJob.of(stream, CronSchedule.parse("* * * * * *", ZoneOffset.UTC)), "test"));
			scheduler.start();

			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(this.streams).allSatisfy(
						(stream) -> assertThat((Long) this.cluster.execute(stream, "XLEN", stream)).isPositive()));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void answersBurstsOverAllMastersWhileTheTemplateWorks(int threads) throws Exception {
		try (NodesApplication small = NodesApplication.on(this.cluster, threads)) {
			StringRedisTemplate template = new StringRedisTemplate(small.factory);
			for (int round = 0; round < 100; round++) {
				List<CompletableFuture<RecordId>> ids = new ArrayList<>();
				for (int i = 0; i < 300; i++) {
					ids.add(small.producer.publishAsync(this.streams.get(i % this.streams.size()), "m" + i));
				}
				template.opsForValue().set("{" + this.streams.get(round % 3) + "}:template", "works");

				CompletableFuture.allOf(ids.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
			}
		}
	}

}
