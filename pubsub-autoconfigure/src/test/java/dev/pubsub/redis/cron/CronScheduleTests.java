package dev.pubsub.redis.cron;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CronScheduleTests {

	private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

	@ParameterizedTest
	@CsvSource({ "*/5 * * * * *, 2026-01-01T12:00:05Z", "*/1 * * * *, 2026-01-01T12:01:00Z",
			"*/10 * * * *, 2026-01-01T12:10:00Z", "0 30 2 * * *, 2026-01-02T02:30:00Z",
			"30 2 * * *, 2026-01-02T02:30:00Z", "@hourly, 2026-01-01T13:00:00Z",
			"' 30  2 * * * ', 2026-01-02T02:30:00Z" })
	void takesSixFieldsFiveFieldsAndMacros(String expression, Instant expected) {
		assertThat(CronSchedule.parse(expression, ZoneOffset.UTC).next(NOON)).contains(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "0\t30 2 * * *", "30\t2\t*\t*\t*", "0 30 2\n* * *", "\t0  30 2 * * *\r\n" })
	void takesAnyWhitespaceBetweenFields(String expression) {
		CronSchedule schedule = CronSchedule.parse(expression, ZoneOffset.UTC);

		assertThat(schedule.next(NOON)).contains(Instant.parse("2026-01-02T02:30:00Z"));
		assertThat(schedule.expression()).doesNotContainPattern("[\\t\\r\\n]|  ").endsWith("30 2 * * *");
	}

	@Test
	void readsFieldsInItsZone() {
		CronSchedule schedule = CronSchedule.parse("0 30 2 * * *", ZoneId.of("Europe/Berlin"));

		assertThat(schedule.next(NOON)).contains(Instant.parse("2026-01-02T01:30:00Z"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "* * * *", "* * * * * * *", "61 * * * * *", "@reboot", "every day" })
	void refusesWhatItCannotRead(String expression) {
		assertThatIllegalArgumentException().isThrownBy(() -> CronSchedule.parse(expression, ZoneOffset.UTC));
	}

	@ParameterizedTest
	@CsvSource({ "* * * *, 4", "* * * * * * *, 7", "@reboot, 1" })
	void saysHowManyFieldsAnExpressionHas(String expression, int found) {
		assertThatIllegalArgumentException().isThrownBy(() -> CronSchedule.parse(expression, ZoneOffset.UTC))
			.withMessage("Cron expression must consist of 6 fields, 5 without the seconds, or be a macro "
					+ "such as @hourly (found %d in \"%s\")", found, expression);
	}

	@Test
	void knowsWhenThereIsNoNextTime() {
		assertThat(CronSchedule.parse("0 0 0 30 2 *", ZoneOffset.UTC).next(NOON)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "0 0 13 * FRI, true", "0 0 13 * *, false", "0 0 * * FRI, false", "0 0 */2 * FRI, false",
			"0 0 0 13 * FRI, false", "@monthly, false" })
	void knowsWhereUnixWouldFireOnOtherDays(String expression, boolean differs) {
		assertThat(CronSchedule.parse(expression, ZoneOffset.UTC).differsFromUnix()).isEqualTo(differs);
	}

	@Test
	void equalsWhatFiresAtTheSameTimes() {
		assertThat(CronSchedule.parse("30 2 * * *", ZoneOffset.UTC))
			.isEqualTo(CronSchedule.parse("0 30 2 * * *", ZoneId.of("UTC")))
			.isNotEqualTo(CronSchedule.parse("30 2 * * *", ZoneId.of("Europe/Berlin")));
	}

}
