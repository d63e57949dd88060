package dev.pubsub.redis.internal.redis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class SharedKeysTests {

	private final SharedKeys keys = new SharedKeys("Publishing to");

	@Test
	void warnsOnceOfTwoStreamsWithTheSameKeysBesideThem(CapturedOutput output) {
		for (int i = 0; i < 3; i++) {
			this.keys.look("orders");
			this.keys.look("{orders}");
		}

		assertThat(output.getAll().lines()).singleElement()
			.asString()
			.contains("Publishing to orders and {orders}", "{orders}:*");
	}

	@Test
	void saysNothingOfOtherStreams(CapturedOutput output) {
		for (String stream : new String[] { "a", "b", "{shop}:a", "{shop}:b", "{shop}", "{}a", "{}", "a{b}" }) {
			this.keys.look(stream);
		}

		assertThat(output).isEmpty();
	}

}
