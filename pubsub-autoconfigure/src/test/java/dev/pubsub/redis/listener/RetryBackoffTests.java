package dev.pubsub.redis.listener;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RetryBackoffTests {

	@Test
	void doublesUpToItsMaximum() {
		RetryBackoff backoff = RetryBackoff.defaults().withJitter(0).withMaxDelay(Duration.ofSeconds(5));

		assertThat(backoff.delayAfter(1, () -> 0.5)).isEqualTo(Duration.ofSeconds(1));
		assertThat(backoff.delayAfter(2, () -> 0.5)).isEqualTo(Duration.ofSeconds(2));
		assertThat(backoff.delayAfter(3, () -> 0.5)).isEqualTo(Duration.ofSeconds(4));
		assertThat(backoff.delayAfter(4, () -> 0.5)).isEqualTo(Duration.ofSeconds(5));
		assertThat(backoff.delayAfter(5000, () -> 0.5)).isEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void spreadsByItsJitterBothWays() {
		RetryBackoff backoff = RetryBackoff.defaults();

		assertThat(backoff.delayAfter(1, () -> 0)).isEqualTo(Duration.ofMillis(800));
		assertThat(backoff.delayAfter(1, () -> 1)).isEqualTo(Duration.ofMillis(1200));
	}

	@Test
	void longestDelayIsNotExceededByItsJitterAndSpreadsStill() {
		RetryBackoff backoff = RetryBackoff.defaults().withMaxDelay(Duration.ofSeconds(10));

		assertThat(backoff.delayAfter(9, () -> 0)).isEqualTo(Duration.ofSeconds(8));
		assertThat(backoff.delayAfter(9, () -> 0.5)).isEqualTo(Duration.ofSeconds(10));
		assertThat(backoff.delayAfter(9, () -> 0.75)).isEqualTo(Duration.ofSeconds(9));
		assertThat(backoff.delayAfter(9, () -> 1)).isEqualTo(Duration.ofSeconds(8));
		assertThat(backoff.withJitter(1).delayAfter(9, () -> 1)).isZero();
		assertThat(backoff.delayAfter(4, () -> 1)).isEqualTo(Duration.ofMillis(9600));
	}

	@Test
	void staysTheSameWhenFixed() {
		RetryBackoff backoff = RetryBackoff.fixed(Duration.ofSeconds(2));

		assertThat(backoff.delayAfter(1, () -> 0.9)).isEqualTo(Duration.ofSeconds(2));
		assertThat(backoff.delayAfter(9, () -> 0.1)).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void delayAboveTheDefaultMaximumIsKept() {
		RetryBackoff backoff = RetryBackoff.defaults().withJitter(0).withDelay(Duration.ofMinutes(10));

		assertThat(backoff.delayAfter(1, () -> 0.5)).isEqualTo(Duration.ofMinutes(10));
		assertThat(backoff.delayAfter(2, () -> 0.5)).isEqualTo(Duration.ofMinutes(10));
	}

	@Test
	void refusesWhatCannotBe() {
		assertThatIllegalArgumentException().isThrownBy(() -> RetryBackoff.defaults().withMultiplier(0.5))
			.withMessageContaining("'multiplier' must be 1 or more, was 0.5");
		assertThatIllegalArgumentException().isThrownBy(() -> RetryBackoff.defaults().withJitter(2))
			.withMessageContaining("'jitter'");
		assertThatIllegalArgumentException().isThrownBy(() -> RetryBackoff.fixed(Duration.ofSeconds(-1)))
			.withMessageContaining("'delay' must be zero or more, was PT-1S");
		assertThatIllegalArgumentException().isThrownBy(() -> RetryBackoff.fixed(Duration.ofDays(366)))
			.withMessageContaining("'delay' must be 365 days or less");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RetryBackoff.defaults().withMaxDelay(Duration.ofDays(366)))
			.withMessageContaining("'maxDelay' must be 365 days or less");
		RetryBackoff shrinking = RetryBackoff.defaults().withMaxDelay(Duration.ofMillis(999));
		assertThatIllegalArgumentException().isThrownBy(() -> Redelivery.defaults().withBackoff(shrinking))
			.withMessageContaining("'maxDelay' must not be less than 'delay' (PT1S), was PT0.999S");
	}

	@Test
	void orderOfItsWithersDoesNotMatter() {
		RetryBackoff backoff = RetryBackoff.defaults()
			.withMaxDelay(Duration.ofMillis(100))
			.withJitter(0)
			.withMultiplier(3)
			.withDelay(Duration.ofMillis(20));

		assertThat(Redelivery.defaults().withBackoff(backoff).backoff()).hasToString(RetryBackoff.defaults()
			.withDelay(Duration.ofMillis(20))
			.withMultiplier(3)
			.withJitter(0)
			.withMaxDelay(Duration.ofMillis(100))
			.toString());
	}

}
