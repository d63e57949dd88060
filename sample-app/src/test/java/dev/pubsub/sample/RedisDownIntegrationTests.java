package dev.pubsub.sample;

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

/**
 * Takes an order while Redis is away.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisDownIntegrationTests {

	@Test
	void answersThatOrdersCannotBeTakenAndBlamesNobody(CapturedOutput output) {
		RedisServerProcess server = RedisServerProcess.start();
		try (ConfigurableApplicationContext application = new SpringApplicationBuilder(SampleApplication.class).run(
				"--server.port=0", "--pubsub.redis.producer.timeout=500ms", "--spring.data.redis.port=" + server.port(),
				"--spring.data.redis.host=" + server.host())) {
			server.close();

			RestTestClient.bindToServer()
				.baseUrl("http://localhost:" + application.getEnvironment().getProperty("local.server.port"))
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

}
