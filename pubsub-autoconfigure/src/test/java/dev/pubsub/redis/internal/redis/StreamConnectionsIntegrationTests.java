package dev.pubsub.redis.internal.redis;

import java.time.Duration;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.ScarceThreads;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@RedisTest
@ExtendWith(OutputCaptureExtension.class)
class StreamConnectionsIntegrationTests {

	@Test
	void closesItsLinksWithoutTakingThemForLost(TestRedis redis, CapturedOutput output) throws Exception {
		try (BackgroundThreads threads = BackgroundThreads.platform()) {
			RedisLink link;
			try (StreamConnections connections = StreamConnections.to(redis.connectionFactory(), threads)) {
				link = connections.open("test", Duration.ofSeconds(5));
				assertThat(link.awaitConnection(Duration.ofSeconds(5))).isTrue();
			}

			assertThat(link.isConnected()).isFalse();
			assertThat(link.awaitConnection(Duration.ofMillis(100))).isFalse();
		}
		assertThat(output).doesNotContain("Connection is already closed", "Cannot open the test connection");
	}

	@Test
	void connectsWhenThereIsAThreadAgain(TestRedis redis) throws Exception {
		ScarceThreads scarce = new ScarceThreads();
		try (BackgroundThreads threads = BackgroundThreads.of(scarce);
				StreamConnections connections = StreamConnections.to(redis.connectionFactory(), threads);
				RedisLink link = connections.open("test", Duration.ofSeconds(5))) {
			scarce.refuse(2);

			assertThat(link.whenConnected()).succeedsWithin(Duration.ofSeconds(10));
			assertThat(scarce.missing()).isZero();
		}
	}

	@Test
	void failsACommandWhoseReplyMakesNoSense(TestRedis redis) throws Exception {
		try (BackgroundThreads threads = BackgroundThreads.platform();
				StreamConnections connections = StreamConnections.to(redis.connectionFactory(), threads);
				RedisLink link = connections.open("test", Duration.ofSeconds(5))) {
			assertThat(link.awaitConnection(Duration.ofSeconds(5))).isTrue();

			assertThat(link.send(Requests.of(CommandType.PING, Requests.arguments(), Reply::number)))
				.failsWithin(Duration.ofSeconds(4))
				.withThrowableThat()
				.withRootCauseInstanceOf(NumberFormatException.class);
			assertThat(link.awaitConnection(Duration.ofSeconds(5))).isTrue();
			assertThat(link.send(Requests.of(CommandType.PING, Requests.arguments(), Reply::text)))
				.succeedsWithin(Duration.ofSeconds(4))
				.isEqualTo("PONG");
		}
	}

}
