package dev.pubsub.redis.test;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.pubsub.redis.test.RedisChoice.Kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of {@link RedisChoice}.
 */
class RedisChoiceTests {

	@ParameterizedTest
	@CsvSource({ "docker, DOCKER, redis:8.6", "docker:redis:7.2, DOCKER, redis:7.2", "native, NATIVE, ''",
			"Embedded, EMBEDDED, ''", "/bin/sh, PATH, /bin/sh", "redis://10.1.1.1:7000, URL, redis://10.1.1.1:7000" })
	void readsWhatWasChosen(String text, Kind kind, String detail) {
		assertThat(RedisChoice.parse(text)).isEqualTo(new RedisChoice(kind, detail));
	}

	@Test
	void takesWhatThereIsWithoutChoice() {
		assertThat(RedisChoice.parse(null).kind()).isEqualTo(Kind.ANY);
		assertThat(RedisChoice.parse(" ").kind()).isEqualTo(Kind.ANY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "podman", "/no/such/redis-server" })
	void refusesWhatCannotBe(String text) {
		assertThatIllegalStateException().isThrownBy(() -> RedisChoice.parse(text))
			.withMessageContaining("PUBSUB_TEST_REDIS")
			.withMessageContaining(text);
	}

}
