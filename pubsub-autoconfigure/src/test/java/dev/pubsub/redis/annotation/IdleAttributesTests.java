package dev.pubsub.redis.annotation;

import java.io.IOException;

import dev.pubsub.redis.listener.AckMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class IdleAttributesTests {

	@Test
	void areNamedWhereNothingIsRetried(CapturedOutput output) {
		Scan.of(Always.class, None.class, NoRetries.class);

		assertThat(output)
			.contains(
					"[retryCount, backoff, include, exclude] of @StreamSubscribe on IdleAttributesTests.Always.handle "
							+ "have no effect, since with 'ackMode' ALWAYS nothing is attempted again")
			.contains("[deadLetter] of @StreamSubscribe on IdleAttributesTests.None.handle have no effect")
			.contains("[backoff] of @StreamSubscribe on IdleAttributesTests.NoRetries.handle have no effect, since "
					+ "'retryCount' is 0");
	}

	@Test
	void attributesThatAreUsedAreNotNamed(CapturedOutput output) {
		Scan.of(Used.class);

		assertThat(output).doesNotContain("have no effect");
	}

	static class Always {

		@StreamSubscribe(stream = "always", ackMode = AckMode.ALWAYS, retryCount = 3, backoff = @Backoff(delay = 5),
				include = IOException.class, exclude = IllegalStateException.class, deadLetter = "graveyard")
		void handle(String payload) {
		}

	}

	static class None {

		@StreamSubscribe(stream = "none", ackMode = AckMode.NONE, timeout = 3, deadLetter = "graveyard")
		void handle(String payload) {
		}

	}

	static class NoRetries {

		@StreamSubscribe(stream = "once", retryCount = 0, backoff = @Backoff(jitter = 0.5))
		void handle(String payload) {
		}

	}

	static class Used {

		@StreamSubscribe(stream = "used", retryCount = 3, timeout = 3, backoff = @Backoff(delay = 5),
				exclude = IOException.class, deadLetter = "graveyard")
		void handle(String payload) {
		}

	}

}
