package dev.pubsub.redis.internal.concurrent;

import java.time.Duration;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class SharedTicksTests {

	private static final long STEP = Duration.ofMillis(100).toNanos();

	private static final Duration LONG = Duration.ofMillis(2030);

	private static final Duration SHORT = Duration.ofMillis(950);

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 99_999_999, 100_000_000, 123_456_789_012L, -1, -123_456_789_012L })
	void lengthensALongWaitToTheEndOfAStep(long now) {
		long lengthened = SharedTicks.lengthen(LONG.toNanos(), now);

		assertThat(Math.floorMod(now + lengthened, STEP)).isZero();
		assertThat(lengthened - LONG.toNanos()).isBetween(0L, STEP - 1);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 99_999_999, 100_000_000, 123_456_789_012L, -1, -123_456_789_012L })
	void shortensALongWaitToTheEndOfAStepInWholeMilliseconds(long now) {
		Duration shortened = SharedTicks.shorten(LONG, now);

		long sinceStep = Math.floorMod(now + shortened.toNanos(), STEP);
		assertThat(Math.min(sinceStep, STEP - sinceStep)).isLessThan(Duration.ofMillis(1).toNanos());
		assertThat(LONG.minus(shortened)).isBetween(Duration.ZERO, Duration.ofMillis(101));
		assertThat(shortened.toNanosPart() % 1_000_000).isZero();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 99_999_999, -1 })
	void leavesShortWaitsAlone(long now) {
		assertThat(SharedTicks.lengthen(SHORT.toNanos(), now)).isEqualTo(SHORT.toNanos());
		assertThat(SharedTicks.shorten(SHORT, now)).isEqualTo(SHORT);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 99_999_999, 100_000_000, 123_456_789_012L, -1, -123_456_789_012L })
	void theNextStepEndsWithinOne(long now) {
		long wait = SharedTicks.untilNext(now).toNanos();

		assertThat(Math.floorMod(now + wait, STEP)).isZero();
		assertThat(wait).isBetween(1L, STEP);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 99_999_999, 123_456_789_012L, -1 })
	void lengthensTheRestOfALongWaitHoweverShortItIs(long now) {
		long rest = Duration.ofMillis(30).toNanos();

		long lengthened = SharedTicks.lengthen(rest, LONG.toNanos(), now);

		assertThat(Math.floorMod(now + lengthened, STEP)).isZero();
		assertThat(lengthened - rest).isBetween(0L, STEP - 1);
		assertThat(SharedTicks.lengthen(rest, SHORT.toNanos(), now)).isEqualTo(rest);
	}

}
