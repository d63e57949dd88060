package dev.pubsub.redis.cron;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What docs/cron.md says about the days on which clocks change.
 */
class CronScheduleDaylightSavingTests {

	/**
	 * New York: 2026-03-08 02:00 -05:00 becomes 03:00 -04:00, 2026-11-01 02:00 -04:00
	 * becomes 01:00 -05:00. Berlin: 2026-03-29 02:00 +01:00 becomes 03:00 +02:00,
	 * 2026-10-25 03:00 +02:00 becomes 02:00 +01:00.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					America/New_York | 0 30 2 * * *    | 2026-03-07T12:00:00Z | 2026-03-09T06:30:00Z
					America/New_York | 0 30 1 * * *    | 2026-03-07T12:00:00Z | 2026-03-08T06:30:00Z 2026-03-09T05:30:00Z
					America/New_York | 0 0 3 * * *     | 2026-03-07T12:00:00Z | 2026-03-08T07:00:00Z 2026-03-09T07:00:00Z
					America/New_York | 0 0 * * * *     | 2026-03-08T05:30:00Z | 2026-03-08T06:00:00Z 2026-03-08T07:00:00Z 2026-03-08T08:00:00Z
					America/New_York | 0 */30 * * * *  | 2026-03-08T06:00:00Z | 2026-03-08T06:30:00Z 2026-03-08T07:00:00Z 2026-03-08T07:30:00Z
					America/New_York | 0 30 1 * * *    | 2026-10-31T12:00:00Z | 2026-11-01T05:30:00Z 2026-11-01T06:30:00Z 2026-11-02T06:30:00Z
					America/New_York | 0 30 2 * * *    | 2026-10-31T12:00:00Z | 2026-11-01T07:30:00Z 2026-11-02T07:30:00Z
					America/New_York | 0 0 * * * *     | 2026-11-01T04:30:00Z | 2026-11-01T05:00:00Z 2026-11-01T06:00:00Z 2026-11-01T07:00:00Z
					Europe/Berlin    | 0 30 2 * * *    | 2026-03-28T12:00:00Z | 2026-03-30T00:30:00Z
					Europe/Berlin    | 0 0 3 * * *     | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T01:00:00Z
					Europe/Berlin    | 0 0 * * * *     | 2026-03-28T23:30:00Z | 2026-03-29T00:00:00Z 2026-03-29T01:00:00Z 2026-03-29T02:00:00Z
					Europe/Berlin    | 0 30 2 * * *    | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z 2026-10-26T01:30:00Z
					Europe/Berlin    | 0 30 3 * * *    | 2026-10-24T12:00:00Z | 2026-10-25T02:30:00Z 2026-10-26T02:30:00Z
					Europe/Berlin    | 0 0 * * * *     | 2026-10-24T23:30:00Z | 2026-10-25T00:00:00Z 2026-10-25T01:00:00Z 2026-10-25T02:00:00Z
					Australia/Lord_Howe | 0 0 * * * *  | 2027-04-03T12:10:00Z | 2027-04-03T13:00:00Z 2027-04-03T14:00:00Z 2027-04-03T15:30:00Z 2027-04-03T16:30:00Z
					Australia/Lord_Howe | 0 0 * * * *  | 2027-10-02T14:00:00Z | 2027-10-02T14:30:00Z 2027-10-02T16:00:00Z 2027-10-02T17:00:00Z
					Australia/Lord_Howe | 0 45 1 * * * | 2027-04-02T16:00:00Z | 2027-04-03T14:45:00Z 2027-04-03T15:15:00Z 2027-04-04T15:15:00Z
					Australia/Lord_Howe | 0 */15 * * * * | 2026-10-03T15:15:00Z | 2026-10-03T15:30:00Z 2026-10-03T15:45:00Z 2026-10-03T16:00:00Z
					Australia/Lord_Howe | 0 */15 * * * * | 2027-04-03T14:45:00Z | 2027-04-03T15:00:00Z 2027-04-03T15:15:00Z 2027-04-03T15:30:00Z
					America/Havana   | 0 0 0 * * *     | 2026-10-31T12:00:00Z | 2026-11-01T04:00:00Z 2026-11-01T05:00:00Z 2026-11-02T05:00:00Z
					America/Havana   | 0 */20 0-3 * * * | 2026-11-01T03:59:00Z | 2026-11-01T04:00:00Z 2026-11-01T04:20:00Z 2026-11-01T04:40:00Z 2026-11-01T05:00:00Z
					America/Havana   | 0 0 0 * * *     | 2026-03-07T04:00:00Z | 2026-03-07T05:00:00Z 2026-03-09T04:00:00Z
					UTC              | 0 30 2 * * *    | 2026-03-28T12:00:00Z | 2026-03-29T02:30:00Z 2026-03-30T02:30:00Z
					""")
	void firesWhenClocksChange(ZoneId zone, String expression, Instant after, String expected) {
		CronSchedule schedule = CronSchedule.parse(expression, zone);
		List<Instant> wanted = Arrays.stream(expected.split(" ")).map(Instant::parse).toList();

		List<Instant> fireTimes = new ArrayList<>();
		Instant time = after;
		for (int i = 0; i < wanted.size(); i++) {
			time = schedule.next(time).orElseThrow();
			fireTimes.add(time);
		}

		assertThat(fireTimes).isEqualTo(wanted);
	}

	@ParameterizedTest
	@CsvSource({ "America/New_York, 2026-03-08T00:00:00Z", "America/New_York, 2026-11-01T00:00:00Z",
			"Europe/Berlin, 2026-03-29T00:00:00Z", "Australia/Lord_Howe, 2027-04-03T10:00:00Z",
			"Australia/Lord_Howe, 2027-10-02T10:00:00Z", "Europe/Berlin, 2026-10-25T00:00:00Z",
			"UTC, 2026-01-01T00:00:00Z" })
	void findsTheLastFireTimeOfAPeriod(ZoneId zone, Instant from) {
		for (String expression : List.of("* * * * *", "*/7 * * * *", "30 2 * * *", "30 1 * * *", "0 0 * * *",
				"0 * * * *")) {
			CronSchedule schedule = CronSchedule.parse(expression, zone);
			Instant upTo = from.plusSeconds(9 * 3600 + 17);

			assertThat(schedule.latest(from, upTo)).as(expression).isEqualTo(byCounting(schedule, from, upTo));
		}
	}

	/**
	 * What would go on for ever if a fire time could follow itself.
	 */
	@Test
	@Timeout(10)
	void findsTheLastFireTimeBeforeClocksAreSetBackByHalfAnHour() {
		CronSchedule schedule = CronSchedule.parse("0 0 * * * *", ZoneId.of("Australia/Lord_Howe"));

		assertThat(schedule.latest(Instant.parse("2027-04-03T14:00:00Z"), Instant.parse("2027-04-03T14:00:00.5Z")))
			.isEmpty();
	}

	@Test
	void findsTheLastFireTimeOfYears() {
		CronSchedule schedule = CronSchedule.parse("* * * * * *", ZoneOffset.UTC);

		assertThat(schedule.latest(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2026-01-01T00:00:00.5Z")))
			.contains(Instant.parse("2026-01-01T00:00:00Z"));
	}

	/**
	 * Berlin's clocks go from 02:00 to 03:00 on the last Sunday of March, for ever.
	 */
	@Test
	@Timeout(10)
	void findsNoFireTimeThatNeverExists() {
		assertThat(CronSchedule.parse("0 30 2 * 3 SUNL", ZoneId.of("Europe/Berlin"))
			.next(Instant.EPOCH.plus(20_000, ChronoUnit.DAYS))).isEmpty();
	}

	@Test
	void findsLeapDayOnASunday() {
		assertThat(CronSchedule.parse("0 30 2 29 2 SUN", ZoneId.of("Europe/Berlin"))
			.next(Instant.parse("2026-01-01T00:00:00Z"))).contains(Instant.parse("2032-02-29T01:30:00Z"));
	}

	@ParameterizedTest
	@CsvSource({ "America/New_York, 2026-11-01T00:00:00Z", "Europe/Berlin, 2026-03-28T20:00:00Z",
			"Australia/Lord_Howe, 2027-04-03T10:00:00Z", "Australia/Lord_Howe, 2026-10-03T10:00:00Z",
			"America/Havana, 2026-10-31T20:00:00Z", "America/Havana, 2026-03-07T20:00:00Z",
			"Africa/Casablanca, 2026-02-14T20:00:00Z", "Pacific/Apia, 2011-12-29T20:00:00Z",
			"Antarctica/Troll, 2026-10-24T18:00:00Z", "Africa/Cairo, 2026-10-29T15:00:00Z" })
	void findsTheSameFireTimesWhereverOneStarts(ZoneId zone, Instant from) {
		for (String expression : List.of("0 0 0 * * *", "0 30 1 * * *", "0 */15 * * * *", "0 */20 0-3 * * *",
				"0 10 0 * * SUN", "0 0,30 0,1,2 * * *", "30 59 * * * *")) {
			CronSchedule schedule = CronSchedule.parse(expression, zone);
			Instant following = null;
			for (Instant start = from.plusSeconds(30 * 3600); start.isAfter(from); start = start.minusSeconds(97)) {
				Instant next = schedule.next(start).orElseThrow();
				assertThat(next).as("%s after %s", expression, start).isAfter(start);
				if (following != null && !next.equals(following)) {
					assertThat(schedule.next(next)).as("%s after %s", expression, next).contains(following);
				}
				following = next;
			}
		}
	}

	private static Optional<Instant> byCounting(CronSchedule schedule, Instant after, Instant upTo) {
		Optional<Instant> found = Optional.empty();
		Optional<Instant> next = schedule.next(after);
		while (next.isPresent() && !next.get().isAfter(upTo)) {
			found = next;
			next = schedule.next(next.get());
		}
		return found;
	}

}
