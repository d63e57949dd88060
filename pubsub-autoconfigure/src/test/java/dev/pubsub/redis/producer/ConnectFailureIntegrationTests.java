package dev.pubsub.redis.producer;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The first thing that many users see: the first message, with a wrong setting.
 */
@RedisTest
class ConnectFailureIntegrationTests {

	private final TestRedis redis;

	@AutoClose
	private final BackgroundThreads threads = BackgroundThreads.platform();

	ConnectFailureIntegrationTests(TestRedis redis) {
		this.redis = redis;
	}

	private void expect(String url, String... texts) {
		ProducerOptions options = ProducerOptions.defaults().withTimeout(Duration.ofSeconds(2));
		try (StreamConnections connections = StreamConnections.to(url,
				LettuceClientConfiguration.defaultConfiguration(), this.threads);
				RedisStreamProducer producer = RedisStreamProducer.builder(connections).options(options).build()) {
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> producer.publish("orders", Map.of("item", "apple")))
				.satisfies((ex) -> assertThat(ex.getMessage()).contains(texts).doesNotContain("geheim"));
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> producer.session().add("orders", Map.of("item", "apple")).commit())
				.satisfies((ex) -> assertThat(ex.getMessage()).contains(texts).doesNotContain("geheim"));
		}
	}

	@Test
	void wrongPort() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}

		expect("redis://user:geheim@127.0.0.1:" + port, "127.0.0.1:" + port, "Connection refused",
				"is the address right");
	}

	@Test
	void unknownHost() {
		expect("redis://queue.invalid:6379", "queue.invalid:6379", "is the address right");
	}

	@Test
	void wrongPassword() {
		expect("redis://user:geheim@%s:%d".formatted(this.redis.host(), this.redis.port()), "WRONGPASS",
				"Check user and password");
	}

	@Test
	void tlsWhereThereIsNone() {
		expect("rediss://%s:%d".formatted(this.redis.host(), this.redis.port()), this.redis.port() + " with TLS",
				"TLS");
	}

}
