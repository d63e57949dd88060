package dev.pubsub.redis.internal;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ReadableDurationTests {

	@ParameterizedTest
	@CsvSource({ "PT0S, 0 ms", "PT0.035S, 35 ms", "PT0.897S, 0.9 s", "PT2S, 2 s", "PT2.5S, 2.5 s", "PT9.99S, 10 s",
			"PT12.7S, 12 s", "PT5M, 5 min", "PT5M30S, 5 min 30 s", "PT1H, 1 h", "PT1H0M10S, 1 h", "PT2H5M, 2 h 5 min",
			"PT26H, 1 d 2 h", "P365D, 365 d", "PT-0.897S, -0.9 s" })
	void isWhatPeopleSay(Duration duration, String text) {
		assertThat(ReadableDuration.of(duration)).isEqualTo(text);
	}

	@Test
	void neverFails() {
		assertThat(ReadableDuration.of(Duration.ofSeconds(Long.MAX_VALUE))).endsWith(" h");
		assertThat(ReadableDuration.of(Duration.ofSeconds(Long.MIN_VALUE + 1))).startsWith("-");
	}

}
