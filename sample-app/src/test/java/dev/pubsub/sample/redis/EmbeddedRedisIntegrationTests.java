package dev.pubsub.sample.redis;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.sample.SampleApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Starts the application where no Redis is configured.
 */
@ExtendWith(OutputCaptureExtension.class)
class EmbeddedRedisIntegrationTests {

	@Test
	void livesAsLongAsTheApplication(CapturedOutput output) {
		int port;
		try (ConfigurableApplicationContext application = run()) {
			port = application.getBean(EmbeddedRedis.class).port();
			assertThat(output).containsOnlyOnce("No Redis is configured: started ").contains("127.0.0.1:" + port);
			assertThat(connects(port)).isTrue();

			application.getBean(RedisStreamProducer.class).publish("orders", new OrderLike("ann", "apple", 2));

			await().untilAsserted(() -> assertThat(output).contains("2 x apple for ann"));
		}

		assertThat(connects(port)).isFalse();
		assertThat(output).doesNotContain("ERROR");
	}

	@Test
	void isNotStartedWhereOneIsConfigured() throws IOException {
		try (EmbeddedRedis other = EmbeddedRedis.start();
				ConfigurableApplicationContext application = run("--spring.data.redis.port=" + other.port(),
						"--spring.data.redis.password=" + other.password())) {
			assertThat(application.getBeansOfType(EmbeddedRedis.class)).isEmpty();
		}
	}

	@Test
	void answersOnlyWithItsPassword() throws IOException {
		try (EmbeddedRedis redis = EmbeddedRedis.start();
				Socket socket = new Socket(InetAddress.getLoopbackAddress(), redis.port())) {
			socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));

			assertThat(new String(socket.getInputStream().readNBytes(7), StandardCharsets.US_ASCII))
				.isEqualTo("-NOAUTH");
		}
	}

	@Test
	void isUnpackedWhereNoneIsInstalled(CapturedOutput output) throws IOException {
		try (EmbeddedRedis redis = EmbeddedRedis.start("")) {
			assertThat(connects(redis.port())).isTrue();
			assertThat(output).contains("unpacked, there is none on the PATH");
		}
	}

	@Test
	void endsOnlyItsOwnServer() throws IOException {
		try (EmbeddedRedis other = EmbeddedRedis.start()) {
			EmbeddedRedis.start().close();

			assertThat(connects(other.port())).isTrue();
		}
	}

	private static ConfigurableApplicationContext run(String... args) {
		return new SpringApplicationBuilder(SampleApplication.class).web(WebApplicationType.NONE).run(args);
	}

	private static boolean connects(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private record OrderLike(String customer, String item, int quantity) {

	}

}
