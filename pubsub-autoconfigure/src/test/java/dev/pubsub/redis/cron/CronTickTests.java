package dev.pubsub.redis.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CronTickTests {

	private static final CronJob EVERY_SECOND = job("* * * * * *");

	private static final CronJob EVERY_MINUTE = job("* * * * *");

	private final Simulation simulation = new Simulation("2026-01-01T12:00:00.300Z");

	private final MemoryLedger ledger = new MemoryLedger(this.simulation);

	@ParameterizedTest
	@CsvSource({ "*/5 * * * * *, 24", "*/1 * * * *, 2", "*/10 * * * *, 0", "@hourly, 0" })
	void firesAsOftenAsTheScheduleSays(String expression, int fires) {
		this.simulation.node().start(job(expression), this.ledger);

		this.simulation.run(Duration.ofMinutes(2));

		assertThat(this.ledger.fired).hasSize(fires).isEqualTo(this.ledger.firedAt);
	}

	@Test
	void asksRedisOnlyAtFireTimes() {
		this.simulation.node().start(EVERY_MINUTE, this.ledger);

		this.simulation.run(Duration.ofMinutes(10));

		assertThat(this.ledger.fired).hasSize(10);
		assertThat(this.ledger.calls).isEqualTo(11);
	}

	@Test
	void isNewWhenItsStateIsDeletedThatWasFarAhead() {
		this.ledger.set(Instant.parse("2099-01-01T00:00:00Z"));
		Simulation.Node node = this.simulation.node();
		node.start(EVERY_SECOND, this.ledger);
		this.simulation.run(Duration.ofMinutes(10));
		assertThat(this.ledger.calls).isBetween(10, 11);

		this.ledger.forget();
		this.simulation.run(Duration.ofSeconds(62));

		assertThat(this.ledger.fired).isNotEmpty().isEqualTo(this.ledger.firedAt);
		assertThat(node.eventsOf(CronEvent.Type.MISSED)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "'', 15", "2026-01-01T12:03:00Z, 15", "'', 150", "2026-01-01T12:03:00Z, 150" })
	void reportsAndRepeatsNothingThatRanWhenRedisLosesItsData(String saved, long outageSeconds) {
		Simulation.Node node = this.simulation.node();
		node.start(EVERY_MINUTE, this.ledger);
		this.simulation.run(Duration.ofMinutes(10));

		this.ledger.setDown(true);
		this.simulation.run(Duration.ofSeconds(60 + outageSeconds));
		if (saved.isEmpty()) {
			this.ledger.forget();
		}
		else {
			this.ledger.set(Instant.parse(saved));
		}
		this.ledger.setDown(false);
		this.simulation.run(Duration.ofMinutes(3));

		Instant lastBefore = Instant.parse("2026-01-01T12:10:00Z");
		assertThat(this.ledger.fired).doesNotHaveDuplicates();
		assertThat(node.eventsOf(CronEvent.Type.MISSED)).allMatch((missed) -> missed.isAfter(lastBefore));
		Simulation.Node other = this.simulation.node();
		other.start(EVERY_MINUTE, this.ledger);
		this.simulation.run(Duration.ofMinutes(3));
		assertThat(this.ledger.fired).doesNotHaveDuplicates().isSorted();
		assertThat(other.eventsOf(CronEvent.Type.MISSED)).isEmpty();
	}

	@Test
	void keepsUpWithAClockThatIsSetForwardAndBack() {
		MemoryLedger late = new MemoryLedger(this.simulation);
		this.simulation.node().start(EVERY_MINUTE, late);
		this.simulation.run(Duration.ofSeconds(10));

		this.simulation.freeze(Duration.ofSeconds(60));
		this.simulation.run(Duration.ofSeconds(1));

		assertThat(late.fired).containsExactly(Instant.parse("2026-01-01T12:01:00Z"));
	}

	@Test
	void manyApplicationsFireOncePerFireTime() {
		List<Simulation.Node> nodes = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			Simulation.Node node = this.simulation.node();
			node.start(EVERY_SECOND, this.ledger);
			nodes.add(node);
		}

		this.simulation.run(Duration.ofSeconds(60));

		assertThat(this.ledger.fired).isEqualTo(seconds("2026-01-01T12:00:01Z", 60));
		assertThat(nodes.stream().flatMap((node) -> node.eventsOf(CronEvent.Type.FIRED).stream())).hasSize(60);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 })
	void skewedClocksAndAKilledApplicationLoseAndDoubleNothing(long seed) {
		Random random = new Random(seed);
		List<Simulation.Node> nodes = new ArrayList<>();
		List<Integer> skews = new ArrayList<>(List.of(-5, 0, 5));
		Collections.shuffle(skews, random);
		for (int skew : skews) {
			Simulation.Node node = this.simulation.node(Duration.ofSeconds(skew));
			node.start(EVERY_SECOND, this.ledger);
			nodes.add(node);
			this.simulation.run(Duration.ofMillis(random.nextInt(4000)));
		}
		this.simulation.run(Duration.ofMillis(10_000 + random.nextInt(20_000)));
		int victim = random.nextInt(3);
		nodes.get(victim).kill();
		this.simulation.run(Duration.ofMillis(random.nextInt(20_000)));
		this.simulation.node(Duration.ofSeconds(skews.get(victim))).start(EVERY_SECOND, this.ledger);
		this.simulation.run(Duration.ofSeconds(60));

		assertThat(this.ledger.fired).isEqualTo(seconds(this.ledger.fired.get(0).toString(), this.ledger.fired.size()));
		assertThat(this.ledger.fired).hasSizeGreaterThan(60);
	}

	@Test
	void clockThatIsAheadTakesOverWhenTheOthersAreGone() {
		Simulation.Node behind = this.simulation.node();
		behind.start(EVERY_SECOND, this.ledger);
		this.simulation.run(Duration.ofSeconds(10));
		this.simulation.node(Duration.ofSeconds(5)).start(EVERY_SECOND, this.ledger);
		this.simulation.run(Duration.ofSeconds(10));
		behind.kill();
		this.simulation.run(Duration.ofSeconds(10));

		assertThat(this.ledger.fired).isEqualTo(seconds("2026-01-01T12:00:01Z", this.ledger.fired.size()))
			.hasSizeBetween(28, 30);
	}

	@Test
	void firesOnTimeAfterAnOutageThatAnotherApplicationNoticedFirst() {
		this.simulation.node().start(EVERY_SECOND, this.ledger);
		this.simulation.run(Duration.ofMillis(500));
		this.simulation.node().start(EVERY_SECOND, this.ledger);
		this.simulation.run(Duration.ofSeconds(3));
		this.ledger.setDown(true);
		this.simulation.run(Duration.ofSeconds(4));
		this.ledger.setDown(false);
		this.simulation.run(Duration.ofSeconds(20));

		int last = this.ledger.fired.size() - 1;
		assertThat(this.ledger.firedAt.subList(last - 5, last)).isEqualTo(this.ledger.fired.subList(last - 5, last));
		assertThat(this.ledger.fired).doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@CsvSource({ "FIRE_ONCE, 1", "SKIP, 0" })
	void firesOnceOrNotAtAllForFireTimesThatPassedWhileNobodyWasRunning(Misfire misfire, int fires) {
		CronJob job = EVERY_MINUTE.withMisfire(misfire);
		Simulation.Node first = this.simulation.node();
		first.start(job, this.ledger);
		this.simulation.run(Duration.ofSeconds(90));
		first.kill();
		this.simulation.run(Duration.ofSeconds(170));
		Simulation.Node second = this.simulation.node();
		second.start(job, this.ledger);
		this.simulation.run(Duration.ofSeconds(5));

		assertThat(this.ledger.fired).hasSize(1 + fires);
		assertThat(second.eventsOf(CronEvent.Type.MISSED)).hasSize(1);
		if (fires == 1) {
			assertThat(this.ledger.fired.get(1)).isEqualTo("2026-01-01T12:04:00Z");
		}
	}

	@Test
	void doesNotMakeUpForWhatIsOlderThanTheGrace() {
		this.ledger.set(Instant.parse("2025-12-31T06:00:00Z"));
		Simulation.Node node = this.simulation.node();
		node.start(job("0 6 * * *"), this.ledger);

		this.simulation.run(Duration.ofHours(1));

		assertThat(this.ledger.fired).isEmpty();
		assertThat(node.eventsOf(CronEvent.Type.MISSED)).containsExactly(Instant.parse("2026-01-01T06:00:00Z"));
	}

	@Test
	void graceDecidesWhatIsMadeUpFor() {
		this.ledger.set(Instant.parse("2025-12-31T06:00:00Z"));
		Simulation.Node node = this.simulation.node().withGrace(Duration.ofHours(12));
		node.start(job("0 6 * * *"), this.ledger);

		this.simulation.run(Duration.ofHours(1));

		assertThat(this.ledger.fired).containsExactly(Instant.parse("2026-01-01T06:00:00Z"));
		assertThat(node.eventsOf(CronEvent.Type.MISSED)).isEmpty();
	}

	@Test
	void firesOnTimeWithoutAnyGrace() {
		this.simulation.node().withGrace(Duration.ZERO).start(EVERY_SECOND, this.ledger);

		this.simulation.run(Duration.ofSeconds(10));

		assertThat(this.ledger.fired).hasSize(10);
	}

	@ParameterizedTest
	@EnumSource(Misfire.class)
	void firesOnceAfterAnOutageAtTheFireTime(Misfire misfire) {
		Simulation.Node node = this.simulation.node();
		node.start(EVERY_MINUTE.withMisfire(misfire), this.ledger);
		this.simulation.run(Duration.ofSeconds(55));
		this.ledger.setDown(true);
		this.simulation.run(Duration.ofSeconds(30));
		this.ledger.setDown(false);
		this.simulation.run(Duration.ofSeconds(30));

		assertThat(this.ledger.fired).containsExactly(Instant.parse("2026-01-01T12:01:00Z"));
		assertThat(node.eventsOf(CronEvent.Type.MISSED)).isEmpty();
	}

	@Test
	void reportsFireTimesThatAnOutageOutlasted() {
		Simulation.Node node = this.simulation.node();
		node.start(job("0 0 * * * *"), this.ledger);
		this.simulation.run(Duration.ofMinutes(59));
		this.ledger.setDown(true);
		this.simulation.run(Duration.ofMinutes(5));
		this.ledger.setDown(false);
		this.simulation.run(Duration.ofMinutes(5));

		assertThat(this.ledger.fired).isEmpty();
		assertThat(node.eventsOf(CronEvent.Type.MISSED)).containsExactly(Instant.parse("2026-01-01T13:00:00Z"));
	}

	@Test
	void makesUpForAnOutageOfManyFireTimesWithOne() {
		Simulation.Node node = this.simulation.node();
		node.start(EVERY_SECOND, this.ledger);
		this.simulation.run(Duration.ofSeconds(5));
		this.ledger.setDown(true);
		this.simulation.run(Duration.ofSeconds(40));
		this.ledger.setDown(false);
		this.simulation.run(Duration.ofSeconds(10));

		assertThat(node.eventsOf(CronEvent.Type.MISSED)).hasSize(1);
		assertThat(this.ledger.fired).hasSizeBetween(10, 16);
	}

	@Test
	void keepsTryingWhatRedisRefusesWhileItAnswersOtherwise() {
		this.simulation.node().start(EVERY_MINUTE, this.ledger);
		this.ledger.setRefuse(true);
		this.simulation.run(Duration.ofSeconds(80));
		assertThat(this.ledger.calls).isBetween(6, 30);

		this.ledger.setRefuse(false);
		this.simulation.run(Duration.ofSeconds(10));

		assertThat(this.ledger.fired).containsExactly(Instant.parse("2026-01-01T12:01:00Z"));
	}

	@Test
	void doesNotFireAgainWhenTheReplyIsLost() {
		this.simulation.node().start(EVERY_MINUTE, this.ledger);
		this.ledger.loseNextReply();

		this.simulation.run(Duration.ofSeconds(100));

		assertThat(this.ledger.fired).containsExactly(Instant.parse("2026-01-01T12:01:00Z"));
	}

	@Test
	void waitsForRedisAtTheStart() {
		this.ledger.setDown(true);
		this.simulation.node().start(EVERY_MINUTE, this.ledger);
		this.simulation.run(Duration.ofSeconds(70));
		this.ledger.setDown(false);
		this.simulation.run(Duration.ofSeconds(10));

		assertThat(this.ledger.fired).containsExactly(Instant.parse("2026-01-01T12:01:00Z"));
	}

	@Test
	void wakesFromALongSleepWithOneFire() {
		Simulation.Node node = this.simulation.node();
		node.start(EVERY_MINUTE, this.ledger);
		this.simulation.run(Duration.ofSeconds(10));

		this.simulation.freeze(Duration.ofHours(8));
		this.simulation.run(Duration.ofSeconds(20));

		assertThat(this.ledger.fired).containsExactly(Instant.parse("2026-01-01T20:00:00Z"));
		assertThat(node.eventsOf(CronEvent.Type.MISSED)).hasSize(1);
	}

	@Test
	void goesOnAfterRedisForgotEverything() {
		this.simulation.node().start(EVERY_SECOND, this.ledger);
		this.simulation.node().start(EVERY_SECOND, this.ledger);
		this.simulation.run(Duration.ofSeconds(5));
		this.ledger.forget();
		this.simulation.run(Duration.ofSeconds(5));

		assertThat(this.ledger.fired).isEqualTo(seconds("2026-01-01T12:00:01Z", 10));
	}

	@Test
	void waitsUntilTheLastFireThatAnotherClockClaimed() {
		this.ledger.set(Instant.parse("2026-01-01T12:05:00Z"));
		this.simulation.node().start(EVERY_MINUTE, this.ledger);

		this.simulation.run(Duration.ofMinutes(7));

		assertThat(this.ledger.fired).containsExactly(Instant.parse("2026-01-01T12:06:00Z"),
				Instant.parse("2026-01-01T12:07:00Z"));
	}

	@Test
	void doesNotFireWhilePausedNorMakeUpForItAfterwards() {
		Simulation.Node node = this.simulation.node();
		node.start(EVERY_MINUTE, this.ledger);
		this.ledger.paused = true;
		this.simulation.run(Duration.ofMinutes(5));
		this.ledger.paused = false;
		this.simulation.run(Duration.ofSeconds(40));
		assertThat(this.ledger.fired).isEmpty();

		this.simulation.run(Duration.ofSeconds(60));

		assertThat(this.ledger.fired).containsExactly(Instant.parse("2026-01-01T12:06:00Z"));
		assertThat(node.eventsOf(CronEvent.Type.MISSED)).isEmpty();
	}

	@Test
	void reportsFireTimesThatOverlap() {
		Simulation.Node node = this.simulation.node();
		node.start(EVERY_MINUTE, this.ledger);
		this.ledger.overlapping = true;
		this.simulation.run(Duration.ofMinutes(2));
		this.ledger.overlapping = false;
		this.simulation.run(Duration.ofMinutes(1));

		assertThat(this.ledger.fired).containsExactly(Instant.parse("2026-01-01T12:03:00Z"));
		assertThat(node.eventsOf(CronEvent.Type.OVERLAPPED)).hasSize(2);
	}

	@Test
	void stopsForGood() {
		Simulation.Node node = this.simulation.node();
		node.start(EVERY_SECOND, this.ledger);
		this.simulation.run(Duration.ofSeconds(2));
		node.kill();
		int calls = this.ledger.calls;

		this.simulation.run(Duration.ofMinutes(5));

		assertThat(this.ledger.calls).isEqualTo(calls);
	}

	private static CronJob job(String expression) {
		return CronJob.of("reports", CronSchedule.parse(expression, ZoneOffset.UTC));
	}

	private static List<Instant> seconds(String first, int count) {
		List<Instant> seconds = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			seconds.add(Instant.parse(first).plusSeconds(i));
		}
		return seconds;
	}

}
