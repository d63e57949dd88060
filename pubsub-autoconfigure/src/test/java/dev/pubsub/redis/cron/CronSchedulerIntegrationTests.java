package dev.pubsub.redis.cron;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.KeepAlive;
import dev.pubsub.redis.internal.redis.CronScripts;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class CronSchedulerIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final List<AutoCloseable> resources = new ArrayList<>();

	private final Queue<CronEvent> events = new ConcurrentLinkedQueue<>();

	CronSchedulerIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("reports");
	}

	@AfterEach
	void close() throws Exception {
		for (int i = this.resources.size() - 1; i >= 0; i--) {
			this.resources.get(i).close();
		}
		this.threads.close();
	}

	@Test
	void messageTellsJobFireTimeAndSource() {
		MutableClock clock = new MutableClock("2026-01-01T12:00:30Z");
		CronScheduler scheduler = scheduler(this.redis, clock);
		scheduler.schedule(job("*/10 * * * *").withName("nightly"), "test");
		scheduler.start();
		awaitKnown(scheduler, "nightly");

		clock.set("2026-01-01T12:10:00.100Z");
		await().until(() -> this.redis.xlen(this.stream) == 1);

		assertThat(entries(this.redis, this.stream).get(0)).containsExactly("__PUBLISH_TIME",
				Long.toString(Instant.parse("2026-01-01T12:10:00.1Z").toEpochMilli()), "__SOURCE", "cron",
				"__H_fire-time", "2026-01-01T12:10:00Z", "__H_job", "nightly");
		await().until(() -> this.events.size() == 1);
		assertThat(this.events.peek().fireTime()).isEqualTo("2026-01-01T12:10:00Z");
	}

	@Test
	void keepsJvmAliveWhileItHasJobsAndRuns() {
		Set<Thread> others = keepers();
		CronScheduler scheduler = scheduler(this.redis, new MutableClock("2026-01-01T12:00:30Z"));
		scheduler.start();
		assertThat(keepers()).isSubsetOf(others);

		scheduler.schedule(job("*/10 * * * *"), "test");
		assertThat(others.containsAll(keepers())).isFalse();

		scheduler.stop();
		await().until(() -> others.containsAll(keepers()));
	}

	/** Also those of other tests, which share the JVM. */
	private static Set<Thread> keepers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals(KeepAlive.THREAD_NAME))
			.collect(Collectors.toSet());
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void threeClocksThatDisagreeFireOncePerSecondWhenOneOfThemIsKilled(long seed) throws Exception {
		Random random = new Random(seed);
		Simulation simulation = new Simulation("2026-01-01T12:00:00.300Z");
		FireLedger ledger = ledger(job("* * * * * *"));
		List<Simulation.Node> nodes = new ArrayList<>();
		for (int skew : new int[] { -5, 0, 5 }) {
			Simulation.Node node = simulation.node(Duration.ofSeconds(skew));
			nodes.add(node);
			node.start(job("* * * * * *"), ledger);
			simulation.run(Duration.ofMillis(random.nextInt(2000)));
		}

		simulation.run(Duration.ofMillis(20_000 + random.nextInt(20_000)));
		nodes.get(random.nextInt(3)).kill();
		while (this.redis.xlen(this.stream) < 60) {
			simulation.run(Duration.ofMillis(100));
		}

		List<Instant> fireTimes = fireTimes(this.redis, this.stream);
		assertThat(fireTimes).hasSize(60).doesNotHaveDuplicates().isSorted();
		assertThat(Duration.between(fireTimes.get(0), fireTimes.get(59))).isEqualTo(Duration.ofSeconds(59));
	}

	@ParameterizedTest
	@CsvSource({ "FIRE_ONCE, 1", "SKIP, 0" })
	void firesOnceOrNotAtAllAfterAllWereDownOverThreeFireTimes(Misfire misfire, int fires) {
		MutableClock clock = new MutableClock("2026-01-01T12:00:30Z");
		CronJob job = job("* * * * *").withMisfire(misfire);
		CronScheduler first = scheduler(this.redis, clock);
		first.schedule(job, "test");
		first.start();
		awaitKnown(first, job.name());
		first.close();

		clock.set("2026-01-01T12:03:30Z");
		CronScheduler second = scheduler(this.redis, clock);
		second.schedule(job, "test");
		second.start();
		await().until(() -> this.events.stream().anyMatch((event) -> event.type() == CronEvent.Type.MISSED));
		awaitKnown(second, job.name());

		assertThat(fireTimes(this.redis, this.stream)).hasSize(fires);
		if (fires == 1) {
			assertThat(fireTimes(this.redis, this.stream)).containsExactly(Instant.parse("2026-01-01T12:03:00Z"));
		}
	}

	@Test
	void firesOnceAfterRedisWasKilledAtTheFireTime(CapturedOutput output) {
		RedisServerProcess server = server("--appendonly", "yes", "--appendfsync", "always");
		MutableClock clock = new MutableClock("2026-01-01T12:59:59Z");
		CronScheduler scheduler = scheduler(server.redis(), clock);
		scheduler.schedule(CronJob.of("reports", CronSchedule.parse("@hourly", ZoneOffset.UTC)), "test");
		scheduler.start();
		awaitKnown(scheduler, "reports", "reports");

		server.kill();
		clock.set("2026-01-01T13:00:00Z");
		await().until(() -> output.getOut().contains("Firing cron job reports failed"));
		server.restart();
		await().atMost(Duration.ofSeconds(20)).until(() -> server.redis().xlen("reports") == 1);
		await().until(() -> output.getOut().contains("Firing cron job reports works again"));

		assertThat(fireTimes(server.redis(), "reports")).containsExactly(Instant.parse("2026-01-01T13:00:00Z"));
		assertThat(output.getOut().split("Firing cron job reports failed")).hasSize(2);
	}

	@Test
	void reportsAFireTimeThatTheOutageOutlasted(CapturedOutput output) {
		RedisServerProcess server = server("--appendonly", "yes", "--appendfsync", "always");
		MutableClock clock = new MutableClock("2026-01-01T12:59:59Z");
		CronScheduler scheduler = scheduler(server.redis(), clock);
		scheduler.schedule(CronJob.of("reports", CronSchedule.parse("@hourly", ZoneOffset.UTC)), "test");
		scheduler.start();
		awaitKnown(scheduler, "reports", "reports");

		server.kill();
		clock.set("2026-01-01T13:00:00Z");
		await().until(() -> output.getOut().contains("Firing cron job reports failed"));
		clock.set("2026-01-01T13:01:30Z");
		server.restart();
		await().atMost(Duration.ofSeconds(20)).until(() -> !this.events.isEmpty());

		assertThat(this.events).containsExactly(new CronEvent("reports", "reports", CronEvent.Type.MISSED,
				Instant.parse("2026-01-01T13:00:00Z"), null));
		assertThat(server.redis().xlen("reports")).isZero();
	}

	@Test
	void neverFiresTwiceForOneTimeWhileRedisComesAndGoes() {
		RedisServerProcess server = server("--appendonly", "yes", "--appendfsync", "always");
		CronJob job = CronJob.of("reports", CronSchedule.parse("* * * * * *", ZoneOffset.UTC));
		for (int i = 0; i < 3; i++) {
			CronScheduler scheduler = scheduler(server.redis(), Clock.systemUTC());
			scheduler.schedule(job, "test");
			scheduler.start();
		}
		await().until(() -> server.redis().xlen("reports") >= 2);

		server.restart();
		long before = server.redis().xlen("reports");
		await().atMost(Duration.ofSeconds(20)).until(() -> server.redis().xlen("reports") >= before + 3);

		List<Instant> fireTimes = fireTimes(server.redis(), "reports");
		assertThat(fireTimes).doesNotHaveDuplicates().isSorted();
	}

	@Test
	void firesOnceWhenThereIsMemoryAgain(CapturedOutput output) {
		RedisServerProcess server = server();
		MutableClock clock = new MutableClock("2026-01-01T12:59:59Z");
		CronScheduler scheduler = scheduler(server.redis(), clock);
		scheduler.schedule(CronJob.of("reports", CronSchedule.parse("@hourly", ZoneOffset.UTC)), "test");
		scheduler.start();
		awaitKnown(scheduler, "reports", "reports");

		server.redis().execute("CONFIG", "SET", "maxmemory", "1");
		clock.set("2026-01-01T13:00:00Z");
		await().until(() -> output.getOut().contains("OOM"));
		assertThat(server.redis().xlen("reports")).isZero();
		server.redis().execute("CONFIG", "SET", "maxmemory", "0");

		await().until(() -> server.redis().xlen("reports") == 1);
	}

	@Test
	void firesOnceWhenTheKeyIsAStreamAgain(CapturedOutput output) {
		MutableClock clock = new MutableClock("2026-01-01T12:59:59Z");
		CronScheduler scheduler = scheduler(this.redis, clock);
		scheduler.schedule(job("@hourly"), "test");
		scheduler.start();
		awaitKnown(scheduler, this.stream);

		this.redis.execute("SET", this.stream, "text");
		clock.set("2026-01-01T13:00:00Z");
		await().until(() -> output.getOut().contains("WRONGTYPE"));
		this.redis.execute("DEL", this.stream);

		await().until(() -> this.redis.xlen(this.stream) == 1);
		assertThat(fireTimes(this.redis, this.stream)).containsExactly(Instant.parse("2026-01-01T13:00:00Z"));
	}

	@Test
	void changedScheduleTakesEffectWithTheNextStart() {
		MutableClock clock = new MutableClock("2026-01-01T22:00:00Z");
		CronScheduler old = scheduler(this.redis, clock);
		old.schedule(job("0 23 * * *"), "test");
		old.start();
		awaitKnown(old, this.stream);
		clock.set("2026-01-01T23:00:00Z");
		await().until(() -> this.redis.xlen(this.stream) == 1);
		old.close();

		clock.set("2026-01-02T06:00:30Z");
		CronScheduler changed = scheduler(this.redis, clock);
		changed.schedule(job("0 6,7 * * *"), "test");
		changed.start();
		awaitKnown(changed, this.stream);
		clock.set("2026-01-02T07:00:00Z");
		await().until(() -> this.redis.xlen(this.stream) == 2);

		assertThat(fireTimes(this.redis, this.stream)).containsExactly(Instant.parse("2026-01-01T23:00:00Z"),
				Instant.parse("2026-01-02T07:00:00Z"));
	}

	@Test
	void triggerAddsAMessageBesideTheSchedule() {
		MutableClock clock = new MutableClock("2026-01-01T12:00:30Z");
		CronScheduler scheduler = scheduler(this.redis, clock);
		scheduler.schedule(job("@hourly"), "test");
		scheduler.start();
		awaitKnown(scheduler, this.stream);

		RecordId id = scheduler.trigger(this.stream, this.stream);

		assertThat(entries(this.redis, this.stream).get(0)).contains("__SOURCE", "manual", "2026-01-01T12:00:30Z");
		assertThat(this.events)
			.containsExactly(new CronEvent(this.stream, this.stream, CronEvent.Type.TRIGGERED, clock.instant(), id));
		clock.set("2026-01-01T13:00:00Z");
		await().until(() -> this.redis.xlen(this.stream) == 2);
	}

	@Test
	void pauseHoldsForAllApplicationsAndOutlivesThem() {
		MutableClock clock = new MutableClock("2026-01-01T12:00:30Z");
		CronScheduler one = scheduler(this.redis, clock);
		CronScheduler other = scheduler(this.redis, clock);
		for (CronScheduler scheduler : List.of(one, other)) {
			scheduler.schedule(job("* * * * *"), "test");
			scheduler.start();
			awaitKnown(scheduler, this.stream);
		}

		one.pause(this.stream, this.stream);
		clock.set("2026-01-01T12:01:00Z");
		await().until(() -> status(other).paused() && status(one).paused());
		one.close();
		CronScheduler next = scheduler(this.redis, clock);
		next.schedule(job("* * * * *"), "test");
		next.start();
		await().until(() -> status(next).paused());
		assertThat(status(next).nextFire()).isNull();

		next.resume(this.stream, this.stream);
		await().until(() -> !status(next).paused());
		assertThat(status(next).nextFire()).isEqualTo("2026-01-01T12:02:00Z");
		clock.set("2026-01-01T12:02:00Z");
		await().until(() -> this.redis.xlen(this.stream) == 1);
		assertThat(fireTimes(this.redis, this.stream)).containsExactly(Instant.parse("2026-01-01T12:02:00Z"));
	}

	@Test
	void cancelledJobFiresNoMore() {
		MutableClock clock = new MutableClock("2026-01-01T12:00:30Z");
		CronScheduler scheduler = scheduler(this.redis, clock);
		scheduler.schedule(job("* * * * *"), "test");
		scheduler.schedule(job("* * * * *").withName("other"), "test");
		scheduler.start();
		awaitKnown(scheduler, this.stream);
		awaitKnown(scheduler, "other");

		assertThat(scheduler.cancel(this.stream, this.stream)).isTrue();
		clock.set("2026-01-01T12:01:00Z");
		await().until(() -> this.redis.xlen(this.stream) == 1);

		assertThat(entries(this.redis, this.stream).get(0)).endsWith("__H_job", "other");
		assertThat(scheduler.getJobs()).hasSize(1);
		assertThat(scheduler.cancel(this.stream, this.stream)).isFalse();
		assertThatIllegalArgumentException().isThrownBy(() -> scheduler.trigger(this.stream, this.stream))
			.withMessageContaining("other of " + this.stream);
	}

	@Test
	void tellsTheNextFireWithoutAskingRedis() {
		CronScheduler scheduler = scheduler(this.redis, new MutableClock("2026-01-01T12:00:30Z"));
		scheduler.schedule(job("@daily"), "test");
		assertThat(status(scheduler).nextFire()).isNull();

		scheduler.start();

		assertThat(status(scheduler).nextFire()).isEqualTo("2026-01-02T00:00:00Z");
	}

	@Test
	void refusesAJobThatNeverFiresAndTwoSchedulesOfOneJob(CapturedOutput output) {
		CronScheduler scheduler = scheduler(this.redis, Clock.systemUTC());

		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> scheduler.schedule(job("0 0 30 2 *"), "bean nightly"))
			.withMessageContaining("bean nightly")
			.withMessageContaining("never fires");
		scheduler.schedule(job("0 0 13 * FRI"), "bean one");
		scheduler.schedule(job("0 0 13 * FRI"), "bean two");
		assertThatExceptionOfType(InvalidSubscriptionException.class)
			.isThrownBy(() -> scheduler.schedule(job("@hourly"), "bean three"))
			.withMessageContaining("bean one");
		assertThat(scheduler.getJobs()).hasSize(1);
		assertThat(output.getOut()).containsOnlyOnce("Unix would fire");
	}

	@Test
	void wakesAtTheFireTimeWithoutAnythingElse() {
		try (CronScheduler scheduler = CronScheduler.create(this.redis.connectionFactory())) {
			scheduler.schedule(job("* * * * * *"), "test");
			scheduler.start();
			await().until(() -> this.redis.xlen(this.stream) >= 5);
		}

		List<Long> lateness = new ArrayList<>();
		for (Object entry : this.redis.executeForList("XRANGE", this.stream, "-", "+")) {
			long added = Long.parseLong(String.valueOf(((List<?>) entry).get(0)).split("-")[0]);
			lateness.add(added % 1000);
		}
		// A busy machine delays single fires, a wrong wake-up time would delay them all.
		assertThat(lateness).anySatisfy((millis) -> assertThat(millis).isLessThan(50));
	}

	private CronJobStatus status(CronScheduler scheduler) {
		return scheduler.getJob(this.stream, this.stream).orElseThrow();
	}

	private CronScheduler scheduler(TestRedis server, Clock clock) {
		StreamConnections connections = StreamConnections.to(server.connectionFactory(), this.threads);
		CronScheduler scheduler = CronScheduler.builder(connections).clock(clock).events(this.events::add).build();
		this.resources.add(connections);
		this.resources.add(scheduler);
		return scheduler;
	}

	private RedisServerProcess server(String... options) {
		RedisServerProcess server = RedisServerProcess.start(options);
		this.resources.add(server);
		return server;
	}

	private FireLedger ledger(CronJob job) throws InterruptedException {
		StreamConnections connections = StreamConnections.to(this.redis.connectionFactory(), this.threads);
		this.resources.add(connections);
		RedisLink link = connections.open("cron", Duration.ofSeconds(2));
		assertThat(link.awaitConnection(Duration.ofSeconds(10))).isTrue();
		return new JoinedLedger(new RedisFireLedger(job, 0, link, Pace.of(this.threads)));
	}

	private CronJob job(String expression) {
		return CronJob.of(this.stream, CronSchedule.parse(expression, ZoneOffset.UTC));
	}

	private void awaitKnown(CronScheduler scheduler, String job) {
		awaitKnown(scheduler, this.stream, job);
	}

	private static void awaitKnown(CronScheduler scheduler, String stream, String job) {
		await().until(() -> scheduler.getJob(stream, job).orElseThrow().lastFire() != null);
	}

	@SuppressWarnings("unchecked")
	static List<List<String>> entries(TestRedis redis, String stream) {
		return redis.executeForList("XRANGE", stream, "-", "+")
			.stream()
			.map((entry) -> (List<String>) ((List<Object>) entry).get(1))
			.toList();
	}

	static List<Instant> fireTimes(TestRedis redis, String stream) {
		return entries(redis, stream).stream()
			.map((fields) -> Instant.parse(fields.get(fields.indexOf("__H_fire-time") + 1)))
			.toList();
	}

	/**
	 * Answers before it returns, so that a {@link Simulation} need not wait.
	 */
	private record JoinedLedger(FireLedger ledger) implements FireLedger {

		@Override
		public CompletableFuture<CronScripts.State> register(Instant since) {
			return CompletableFuture.completedFuture(this.ledger.register(since).join());
		}

		@Override
		public CompletableFuture<CronScripts.Fire> fire(Instant at, Instant last, EntryFields message) {
			return CompletableFuture.completedFuture(this.ledger.fire(at, last, message).join());
		}

	}

}
