package dev.pubsub.redis.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.test.TestRedis;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * An application with the endpoint over HTTP, whose handler fails where the payload says
 * so.
 */
final class EndpointApplication implements AutoCloseable {

	private static final Duration LONGEST = Duration.ofSeconds(20);

	private final HttpClient client = HttpClient.newHttpClient();

	private final ConfigurableApplicationContext context;

	EndpointApplication(String redisUrl, TestRedis redis, String... arguments) {
		this(WebApplicationType.SERVLET, Map.of("spring.data.redis.url", redisUrl, "stream", redis.key("orders"),
				"reports", redis.key("reports")), arguments);
	}

	/**
	 * Start the application.
	 * @param type the web stack
	 * @param settings where Redis is, and the names of its {@code stream} and of that of
	 * its {@code reports}
	 * @param arguments settings as on the command line
	 */
	EndpointApplication(WebApplicationType type, Map<String, String> settings, String... arguments) {
		SpringApplication application = new SpringApplication(Application.class, Listener.class);
		application.setWebApplicationType(type);
		Map<String, Object> defaults = new HashMap<>(settings);
		defaults.putAll(Map.of("server.port", "0", "management.endpoints.web.exposure.include", "*",
				"management.endpoint.health.show-details", "always", "pubsub.redis.block", "200ms",
				"pubsub.redis.backoff.delay", "1h", "pubsub.redis.backoff.max-delay", "1h"));
		application.setDefaultProperties(defaults);
		this.context = application.run(arguments);
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	Answer get(String path) throws IOException, InterruptedException {
		return send(this.client, request(path).GET().build());
	}

	/**
	 * Send a body, on a connection of its own: the JDK's client hangs now and then on a
	 * connection whose last request was answered before its body was sent, as reactive
	 * servers do that refuse it.
	 */
	Answer post(String path, String body) throws IOException, InterruptedException {
		return send(HttpClient.newHttpClient(),
				request(path).header("Content-Type", "application/json")
					.POST(BodyPublishers.ofString(body.replace('\'', '"')))
					.build());
	}

	Answer delete(String path) throws IOException, InterruptedException {
		return send(this.client, request(path).DELETE().build());
	}

	private HttpRequest.Builder request(String path) {
		String port = Objects.requireNonNull(this.context.getEnvironment().getProperty("local.server.port"));
		return HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator" + path)).timeout(LONGEST);
	}

	private static Answer send(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
		HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
		return new Answer(response.statusCode(), response.body());
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * What the endpoint answers.
	 *
	 * @param status status of HTTP
	 * @param body body
	 */
	record Answer(int status, String body) {

		/**
		 * Return the first value of a name.
		 */
		String value(String name) {
			String start = "\"" + name + "\":\"";
			int begin = this.body.indexOf(start) + start.length();
			return this.body.substring(begin, this.body.indexOf('"', begin));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	static class Listener {

		@StreamSubscribe(stream = "${stream}", id = "billing")
		void handle(Map<String, String> map) {
			if (map.containsKey("fails")) {
				throw new IllegalStateException("no stock");
			}
		}

		@StreamSubscribe(stream = "${stream}", group = "other", id = "eu/orders/1")
		void handleWithSlashes(Map<String, String> map) {
		}

		@StreamSubscribe(stream = "${reports}", cron = "0 0 3 1 1 *", job = "yearly")
		void report() {
		}

	}

}
