package dev.pubsub.redis.internal.redis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link StreamNames}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StreamNamesTests {

	private final StreamNames cluster = new StreamNames(true, KeyPrefix.NONE);

	private final StreamNames single = new StreamNames(false, KeyPrefix.NONE);

	@ParameterizedTest
	@ValueSource(strings = { "orders", "{orders}", "{orders}:eu", "eu:{orders}", "a{b", "a{b}c}d", "a{b}{}" })
	void takesNamesWhoseKeysStayInTheirSlot(String stream) {
		assertThat(this.cluster.refusal(stream)).isNull();
		assertThat(RedisKeys.shareSlot(stream, RedisKeys.beside(stream, ":dlq"))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "a}b", "{}orders", "}", "{}", "a{}b", "a}{b" })
	void refusesOthersInACluster(String stream) {
		assertThat(this.cluster.refusal(stream)).contains("\"" + stream + "\"").contains(":dlq");
		assertThat(RedisKeys.shareSlot(stream, RedisKeys.beside(stream, ":dlq"))).isFalse();
	}

	@Test
	void warnsOnceOfOthersOnASingleServer(CapturedOutput output) {
		assertThat(this.single.refusal("a}b")).isNull();
		assertThat(this.single.refusal("a}b")).isNull();

		assertThat(output.getOut()).containsOnlyOnce("not with Redis Cluster");
	}

	@Test
	void refusesOtherKeysInOtherSlotsOfACluster() {
		assertThat(this.cluster.refusal("orders", "{orders}:rejected")).isNull();
		assertThat(this.cluster.refusal("orders", "rejected")).contains("\"rejected\"");
		assertThat(this.single.refusal("orders", "rejected")).isNull();
	}

	@Test
	void sharingASlotIsAMatterOfTheKeysWithTheirPrefix() {
		StreamNames prefixed = new StreamNames(true, KeyPrefix.of("eu:"));

		assertThat(this.cluster.refusal("a{b}", "{b}c")).isNull();
		assertThat(prefixed.refusal("a{b}", "{b}c")).isNotNull();
		assertThat(prefixed.refusal("orders", "{orders}:dead")).isNull();
	}

}
