package dev.pubsub.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import dev.pubsub.redis.test.RedisServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Takes an order while Redis is away.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisDownIntegrationTests {

	@Test
	void answersThatOrdersCannotBeTakenAndBlamesNobody(CapturedOutput output) {
		RedisServerProcess server = RedisServerProcess.start();
		try (ConfigurableApplicationContext application = start(server)) {
			server.close();

			RestTestClient.bindToServer()
				.baseUrl(url(application))
				.build()
				.post()
				.uri("/orders")
				.contentType(MediaType.APPLICATION_JSON)
				.body(new Order("ann", "apple", 2))
				.exchange()
				.expectStatus()
				.isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
		}
		assertThat(output).doesNotContain("call commit()").doesNotContain("Dropped");
	}

	@Test
	void tellsThatItIsDownBeforeAProbeGivesUp() throws Exception {
		RedisServerProcess server = RedisServerProcess.start();
		try (ConfigurableApplicationContext application = start(server)) {
			await().until(() -> health(application).statusCode() == 200);
			server.close();

			HttpResponse<String> health = health(application);
			assertThat(health.statusCode()).isEqualTo(503);
			assertThat(health.body()).contains("\"pubsub\"", "\"redis\"");
		}
	}

	private static HttpResponse<String> health(ConfigurableApplicationContext application) throws Exception {
		HttpRequest probe = HttpRequest.newBuilder(URI.create(url(application) + "/actuator/health"))
			.timeout(Duration.ofSeconds(20))
			.build();
		return HttpClient.newHttpClient().send(probe, HttpResponse.BodyHandlers.ofString());
	}

	private static ConfigurableApplicationContext start(RedisServerProcess server) {
		return new SpringApplicationBuilder(SampleApplication.class).run("--server.port=0",
				"--pubsub.redis.producer.timeout=500ms", "--spring.data.redis.port=" + server.port(),
				"--spring.data.redis.host=" + server.host());
	}

	private static String url(ConfigurableApplicationContext application) {
		return "http://localhost:" + application.getEnvironment().getProperty("local.server.port");
	}

}
