package dev.pubsub.redis.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.CronScripts.Outcome;
import dev.pubsub.redis.internal.redis.CronScripts;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

@RedisTest
class CronScriptsIntegrationTests {

	private static final Instant T0 = Instant.parse("2026-01-01T12:00:00Z");

	private static final Instant T1 = T0.plusSeconds(1);

	private static final Instant T2 = T0.plusSeconds(2);

	private static final EntryFields FIELDS = EntryFields.ofText(Map.of("name", "tick"));

	private final TestRedis redis;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	private final RedisLink link;

	private final String stream;

	private final CronScripts scripts;

	CronScriptsIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
		this.link = this.connections.open("cron", Duration.ofSeconds(2));
		this.stream = redis.key("reports");
		this.scripts = new CronScripts(this.link, this.stream, "nightly");
	}

	@BeforeEach
	void connect() throws InterruptedException {
		assertThat(this.link.awaitConnection(Duration.ofSeconds(10))).isTrue();
	}

	@AfterEach
	void close() {
		this.link.close();
		this.connections.close();
		this.threads.close();
	}

	@Test
	void newJobCountsAsFiredNowAndKnownOneAsFiredBefore() {
		assertThat(register(T0, "a").last()).isEqualTo(T0);
		assertThat(register(T1, "a").last()).isEqualTo(T0);
	}

	@Test
	void changedScheduleHasMissedNothing() {
		register(T0, "a");

		assertThat(register(T1, "b").last()).isEqualTo(T1);
		assertThat(register(T2, "b").last()).isEqualTo(T1);
	}

	@Test
	void changedScheduleDoesNotFireAgainForWhatWasFired() {
		register(T0, "a");
		fire(T2, T0);

		assertThat(register(T1, "b").last()).isEqualTo(T2);
	}

	@Test
	void eachFireTimeIsClaimedOnce() {
		register(T0, "a");

		CronScripts.Fire first = fire(T1, T0);
		CronScripts.Fire second = fire(T1, T0);

		assertThat(first.outcome()).isEqualTo(Outcome.FIRED);
		assertThat(second.outcome()).isEqualTo(Outcome.PASSED);
		assertThat(second.state().last()).isEqualTo(T1);
		assertThat(this.redis.xlen(this.stream)).isOne();
		assertThat(state()).isEqualTo(T1.toEpochMilli() + " " + first.detail() + " on a");
	}

	@Test
	void refusesWhoDoesNotKnowTheLastFire() {
		register(T0, "a");
		fire(T1, T0);

		CronScripts.Fire fire = fire(T2, T0);

		assertThat(fire.outcome()).isEqualTo(Outcome.MOVED);
		assertThat(fire.state().last()).isEqualTo(T1);
		assertThat(fire(T2, T1).outcome()).isEqualTo(Outcome.FIRED);
	}

	@Test
	void firesWhereTheStateWasLost() {
		assertThat(fire(T1, T0).outcome()).isEqualTo(Outcome.FIRED);
		assertThat(fire(T1, T0).outcome()).isEqualTo(Outcome.PASSED);
		assertThat(register(T2, "a").last()).isEqualTo(T1);
	}

	@Test
	void readsATimeThatSomebodyWroteByHand() {
		this.redis.execute("HSET", cronKey(), "nightly", Long.toString(T1.toEpochMilli()));

		assertThat(register(T2, "a").last()).isEqualTo(T1);
		assertThat(fire(T2, T1).outcome()).isEqualTo(Outcome.FIRED);
	}

	@Test
	void claimsNothingWhenTheStreamIsNoStream() {
		register(T0, "a");
		this.redis.execute("SET", this.stream, "text");

		Throwable failure = catchThrowable(() -> fire(T1, T0));

		assertThat(failure).isInstanceOf(CompletionException.class);
		assertThat(RedisFault.of(failure)).isEqualTo(RedisFault.REFUSED);
		this.redis.execute("DEL", this.stream);
		assertThat(fire(T1, T0).outcome()).isEqualTo(Outcome.FIRED);
	}

	@Test
	void pausedJobClaimsButAddsNothing() {
		register(T0, "a");
		assertThat(this.scripts.setPaused(true, T0, "a").join().paused()).isTrue();

		assertThat(fire(T1, T0).outcome()).isEqualTo(Outcome.PAUSED);
		assertThat(register(T2, "b").paused()).isTrue();
		assertThat(this.scripts.setPaused(false, T0, "b").join().paused()).isFalse();

		assertThat(fire(T2.plusSeconds(1), T2).outcome()).isEqualTo(Outcome.FIRED);
		assertThat(this.redis.xlen(this.stream)).isOne();
	}

	@Test
	void whatPassedWhilePausedCountsAsFired() {
		register(T0, "a");
		this.scripts.setPaused(true, T0, "a").join();

		assertThat(this.scripts.setPaused(false, T2, "a").join().last()).isEqualTo(T2);
		assertThat(this.scripts.setPaused(false, T2.plusSeconds(1), "a").join().last()).isEqualTo(T2);
		assertThat(fire(T1, T0).outcome()).isEqualTo(Outcome.PASSED);
	}

	@Test
	void skipsWhileThePreviousMessageIsNotSettledInSomeGroup() {
		register(T0, "a");
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "$", "MKSTREAM");
		this.redis.execute("XGROUP", "CREATE", this.stream, "audit", "$");
		assertThat(fireUnlessOverlapping(T1, T0).outcome()).isEqualTo(Outcome.FIRED);
		this.redis.execute("XREADGROUP", "GROUP", "audit", "c", "NOACK", "STREAMS", this.stream, ">");

		assertThat(fireUnlessOverlapping(T2, T1)).satisfies((fire) -> {
			assertThat(fire.outcome()).isEqualTo(Outcome.OVERLAP);
			assertThat(fire.detail()).isEqualTo("billing");
		});
		Object entry = this.redis.executeForList("XREADGROUP", "GROUP", "billing", "c", "STREAMS", this.stream, ">");
		assertThat(entry).isNotNull();
		assertThat(fireUnlessOverlapping(T2.plusSeconds(1), T2).outcome()).isEqualTo(Outcome.OVERLAP);
		this.redis.execute("XACK", this.stream, "billing", lastId());

		assertThat(fireUnlessOverlapping(T2.plusSeconds(2), T2.plusSeconds(1)).outcome()).isEqualTo(Outcome.FIRED);
	}

	@Test
	void doesNotWaitForAMessageThatIsGone() {
		register(T0, "a");
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "$", "MKSTREAM");
		fireUnlessOverlapping(T1, T0);
		this.redis.execute("XDEL", this.stream, lastId());

		assertThat(fireUnlessOverlapping(T2, T1).outcome()).isEqualTo(Outcome.FIRED);
	}

	@Test
	void keepsTheStreamShort() {
		Instant last = T0;
		register(last, "a");
		for (int i = 0; i < 500; i++) {
			this.scripts.fire(last.plusSeconds(1), last, false, 100, FIELDS).join();
			last = last.plusSeconds(1);
		}

		assertThat(this.redis.xlen(this.stream)).isBetween(100L, 250L);
	}

	private CronScripts.State register(Instant since, String schedule) {
		return this.scripts.register(since, schedule).join();
	}

	private CronScripts.Fire fire(Instant at, Instant last) {
		return this.scripts.fire(at, last, false, 0, FIELDS).join();
	}

	private CronScripts.Fire fireUnlessOverlapping(Instant at, Instant last) {
		return this.scripts.fire(at, last, true, 0, FIELDS).join();
	}

	private String cronKey() {
		return "{" + this.stream + "}:cron";
	}

	private String state() {
		return String.valueOf(this.redis.execute("HGET", cronKey(), "nightly"));
	}

	private String lastId() {
		return List.of(state().split(" ")).get(1);
	}

}
