package dev.pubsub.redis.listener;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class BackOffTests {

	@Test
	void doublesUpToItsMaximum() {
		BackOff backOff = BackOff.defaults().withJitter(0).withMaxDelay(Duration.ofSeconds(5));

		assertThat(backOff.delayAfter(1, () -> 0.5)).isEqualTo(Duration.ofSeconds(1));
		assertThat(backOff.delayAfter(2, () -> 0.5)).isEqualTo(Duration.ofSeconds(2));
		assertThat(backOff.delayAfter(3, () -> 0.5)).isEqualTo(Duration.ofSeconds(4));
		assertThat(backOff.delayAfter(4, () -> 0.5)).isEqualTo(Duration.ofSeconds(5));
		assertThat(backOff.delayAfter(5000, () -> 0.5)).isEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void spreadsByItsJitterBothWays() {
		BackOff backOff = BackOff.defaults();

		assertThat(backOff.delayAfter(1, () -> 0)).isEqualTo(Duration.ofMillis(800));
		assertThat(backOff.delayAfter(1, () -> 1)).isEqualTo(Duration.ofMillis(1200));
	}

	@Test
	void longestDelayIsNotExceededByItsJitterAndSpreadsStill() {
		BackOff backOff = BackOff.defaults().withMaxDelay(Duration.ofSeconds(10));

		assertThat(backOff.delayAfter(9, () -> 0)).isEqualTo(Duration.ofSeconds(8));
		assertThat(backOff.delayAfter(9, () -> 0.5)).isEqualTo(Duration.ofSeconds(10));
		assertThat(backOff.delayAfter(9, () -> 0.75)).isEqualTo(Duration.ofSeconds(9));
		assertThat(backOff.delayAfter(9, () -> 1)).isEqualTo(Duration.ofSeconds(8));
		assertThat(backOff.withJitter(1).delayAfter(9, () -> 1)).isZero();
		assertThat(backOff.delayAfter(4, () -> 1)).isEqualTo(Duration.ofMillis(9600));
	}

	@Test
	void staysTheSameWhenFixed() {
		BackOff backOff = BackOff.fixed(Duration.ofSeconds(2));

		assertThat(backOff.delayAfter(1, () -> 0.9)).isEqualTo(Duration.ofSeconds(2));
		assertThat(backOff.delayAfter(9, () -> 0.1)).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void delayAboveTheDefaultMaximumIsKept() {
		BackOff backOff = BackOff.defaults().withJitter(0).withDelay(Duration.ofMinutes(10));

		assertThat(backOff.delayAfter(1, () -> 0.5)).isEqualTo(Duration.ofMinutes(10));
		assertThat(backOff.delayAfter(2, () -> 0.5)).isEqualTo(Duration.ofMinutes(10));
	}

	@Test
	void refusesWhatCannotBe() {
		assertThatIllegalArgumentException().isThrownBy(() -> BackOff.defaults().withMultiplier(0.5))
			.withMessageContaining("'multiplier' must be 1 or more, was 0.5");
		assertThatIllegalArgumentException().isThrownBy(() -> BackOff.defaults().withJitter(2))
			.withMessageContaining("'jitter'");
		assertThatIllegalArgumentException().isThrownBy(() -> BackOff.fixed(Duration.ofSeconds(-1)))
			.withMessageContaining("'delay' must be zero or more, was PT-1S");
		assertThatIllegalArgumentException().isThrownBy(() -> BackOff.fixed(Duration.ofDays(366)))
			.withMessageContaining("'delay' must be 365 days or less");
		assertThatIllegalArgumentException().isThrownBy(() -> BackOff.defaults().withMaxDelay(Duration.ofDays(366)))
			.withMessageContaining("'maxDelay' must be 365 days or less");
		assertThatIllegalArgumentException().isThrownBy(() -> BackOff.defaults().withMaxDelay(Duration.ofMillis(999)))
			.withMessageContaining("'maxDelay' must not be less than 'delay' (PT1S), was PT0.999S");
	}

}
