package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class ContainerOptionsTests {

	private static final ContainerOptions OPTIONS = ContainerOptions.defaults();

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 0, 10_001, Integer.MAX_VALUE })
	void refusesNumbersOutOfBounds(int number) {
		List<Function<Integer, ContainerOptions>> setters = List.of(OPTIONS::withProcesses, OPTIONS::withThreads,
				OPTIONS::withReadCount);

		assertThat(setters)
			.allSatisfy((setter) -> assertThatIllegalArgumentException().isThrownBy(() -> setter.apply(number))
				.withMessageContaining("was " + number));
	}

	@ParameterizedTest
	@ValueSource(strings = { "-PT1S", "PT0S", "PT0.0009S", "P366D", "PT2562047788015215H30M7.999999999S" })
	void refusesTimesOutOfBounds(Duration time) {
		List<BiFunction<ContainerOptions, Duration, ContainerOptions>> setters = List.of(ContainerOptions::withBlock,
				ContainerOptions::withLease, ContainerOptions::withClaimInterval, ContainerOptions::withShutdownTimeout,
				ContainerOptions::withReapIdleAfter);

		assertThat(setters)
			.allSatisfy((setter) -> assertThatIllegalArgumentException().isThrownBy(() -> setter.apply(OPTIONS, time))
				.withMessageContaining("was " + time));
		assertThatIllegalArgumentException().isThrownBy(() -> Redelivery.defaults().withTimeout(time))
			.withMessageContaining("'timeout'");
	}

	@Test
	void refusesTimesTooShortToWorkWithAndNamesTheShortest() {
		assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.withLease(Duration.ofMillis(10)))
			.withMessage("'lease' must be 100 ms or more, was PT0.01S");
		assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.withClaimInterval(Duration.ofMillis(1)))
			.withMessage("'claimInterval' must be 10 ms or more, was PT0.001S");
		assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.withReapIdleAfter(Duration.ofMillis(99)))
			.withMessage("'reapIdleAfter' must be 100 ms or more, was PT0.099S");
		assertThat(OPTIONS.withLease(Duration.ofMillis(100)).lease()).hasMillis(100);
	}

	@Test
	void acceptsTheBounds() {
		assertThat(OPTIONS.withThreads(10_000).threads()).isEqualTo(10_000);
		assertThat(OPTIONS.withLease(Duration.ofDays(365)).lease()).isEqualTo(Duration.ofDays(365));
		assertThat(OPTIONS.withBlock(Duration.ofMillis(1)).block()).isEqualTo(Duration.ofMillis(1));
	}

	@Test
	void defaultIsNoAckModeOfAContainer() {
		assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.withAckMode(AckMode.DEFAULT))
			.withMessageContaining("'ackMode'");
	}

}
