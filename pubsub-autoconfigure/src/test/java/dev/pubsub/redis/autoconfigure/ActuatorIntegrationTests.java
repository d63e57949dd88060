package dev.pubsub.redis.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Objects;

import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Health, endpoint and meters of a whole application, over HTTP.
 */
@RedisTest
class ActuatorIntegrationTests {

	private final HttpClient client = HttpClient.newHttpClient();

	private final TestRedis redis;

	ActuatorIntegrationTests(TestRedis redis) {
		this.redis = redis;
	}

	@Test
	void healthEndpointAndMetersTellOfContainers() throws Exception {
		try (ConfigurableApplicationContext context = run()) {
			await().until(() -> get(context, "/pubsub/subscriptions/billing").body().contains("\"state\":\"RUNNING\""));
			assertThat(get(context, "/health").body()).contains("\"pubsub\"", "\"billing\"", "\"lastPoll\"");
			assertThat(get(context, "/health/pubsub").statusCode()).isEqualTo(200);
			context.getBean(RedisStreamProducer.class).publish(this.redis.key("orders"), Map.of("name", "dog"));
			await().until(
					() -> get(context, "/metrics/pubsub.handler?tag=outcome:handled").body().contains("\"value\":1.0"));
			await().until(() -> get(context, "/metrics").body(), (names) -> names.contains("\"pubsub.process\""));
			assertThat(get(context, "/metrics").body()).contains("\"pubsub.process.active\"", "\"pubsub.publish\"",
					"\"pubsub.publish.active\"");
		}
	}

	private ConfigurableApplicationContext run(String... arguments) {
		SpringApplication application = new SpringApplication(Application.class, Listener.class);
		application.setDefaultProperties(Map.of("server.port", "0", "spring.data.redis.url", this.redis.url(), "stream",
				this.redis.key("orders"), "management.endpoints.web.exposure.include", "*",
				"management.endpoint.health.show-details", "always"));
		return application.run(arguments);
	}

	private HttpResponse<String> get(ConfigurableApplicationContext context, String path)
			throws IOException, InterruptedException {
		return this.client.send(HttpRequest.newBuilder(uri(context, path)).build(), BodyHandlers.ofString());
	}

	private static URI uri(ConfigurableApplicationContext context, String path) {
		String port = Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port"));
		return URI.create("http://localhost:" + port + "/actuator" + path);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	static class Listener {

		@StreamSubscribe(stream = "${stream}", id = "billing")
		void handle(Map<String, String> map) {
		}

	}

}
