package dev.pubsub.redis.console;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The console over HTTP, in both web stacks.
 */
@RedisTest
class ConsoleHttpIntegrationTests {

	private static final String UNRESTRICTED = "--pubsub.console.access=unrestricted";

	private final TestRedis redis;

	ConsoleHttpIntegrationTests(TestRedis redis) {
		this.redis = redis;
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
	void showsAndActs(WebApplicationType type) {
		try (ShopApplication shop = ShopApplication.start(this.redis, type, UNRESTRICTED)) {
			ConsoleClient console = new ConsoleClient(shop.url());

			HttpResponse<String> page = console.get("/");
			assertThat(page.statusCode()).isEqualTo(200);
			assertThat(page.body()).contains("<title>PubSub console</title>");
			assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
				.startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
				.doesNotContain("unsafe");
			assertThat(console.get("/lib/preact/preact.min.umd.js").statusCode()).isEqualTo(200);
			assertThat(console.get("/lib/uplot/uPlot.min.css").headers().firstValue("Content-Type"))
				.hasValue("text/css;charset=utf-8");
			assertThat(console.get("").headers().firstValue("Location")).hasValue("./pubsub/");
			for (String path : new String[] { "/nothing.js", "/../x", "/.git", "/api/nothing", "/lib/" }) {
				assertThat(console.get(path).statusCode()).as(path).isIn(400, 404);
			}

			shop.bean(RedisStreamProducer.class).publish(this.redis.key("orders"), Map.of("item", "apple"));
			await().until(() -> console.read("overview").at("/totals/handled").asLong() > 0);
			assertThat(console.read("subscription?id=orders").at("/subscription/state").asString())
				.isEqualTo("running");

			assertThat(console.post("subscription/change", "{\"id\":\"orders\",\"action\":\"pause\"}").body())
				.contains("The subscription is paused.");
			assertThat(console.read("overview?q=orders").at("/subscriptions/items/0/state").asString())
				.isEqualTo("paused");
			console.post("subscription/change", "{\"id\":\"orders\",\"action\":\"resume\"}");

			assertThat(console.read("cron").at("/items/0/nextFires")).hasSize(5);
			String reports = this.redis.key("reports");
			assertThat(console
				.post("cron/change",
						"{\"stream\":\"%s\",\"job\":\"%s\",\"action\":\"trigger\"}".formatted(reports, reports))
				.body()).contains("Added the message");
		}
	}

	@Test
	void knowsTheSubscriptionOfAPartition() {
		String orders = this.redis.key("orders");
		try (ShopApplication shop = ShopApplication.start(this.redis, WebApplicationType.SERVLET,
				"--pubsub.redis.streams[" + orders + "].partitions=2")) {
			ConsoleClient console = new ConsoleClient(shop.url());
			await().until(() -> console.read("streams?q=" + orders + ":1:").at("/items").size() == 2);
			String partition = URLEncoder.encode(
					console.read("streams?q=" + orders + ":1:").at("/items/0/stream").asString(),
					StandardCharsets.UTF_8);

			assertThat(console.read("stream?stream=" + partition).at("/subscriptions/0/id").asString())
				.isEqualTo("orders");
			assertThat(console.read("group?group=shop&stream=" + partition).at("/own").asBoolean()).isTrue();
		}
	}

	@Test
	void countsMessagesOfPartitionsOnceAndKnowsTheirOwners() {
		String orders = this.redis.key("orders");
		try (ShopApplication shop = ShopApplication.start(this.redis, WebApplicationType.SERVLET,
				"--pubsub.redis.streams[" + orders + "].partitions=2",
				"--pubsub.redis.streams[" + orders + "].ordered=true")) {
			ConsoleClient console = new ConsoleClient(shop.url());
			for (int i = 0; i < 20; i++) {
				shop.bean(RedisStreamProducer.class).publish(orders, Map.of("item", "apple"));
			}

			await().until(() -> console.read("overview?q=orders").at("/subscriptions/items/0/lag").isNumber());
			await().untilAsserted(() -> {
				JsonNode rows = console.read("streams?q=" + orders).at("/items");
				assertThat(rows.valueStream().mapToLong((row) -> row.path("length").asLong()).sum()).isEqualTo(20);
				assertThat(rows.valueStream().filter((row) -> row.path("stream").asString().equals(orders)))
					.singleElement()
					.satisfies((row) -> assertThat(row.path("length").asLong()).isZero());
			});
			await().untilAsserted(() -> {
				JsonNode status = console.read("subscription?id=orders").at("/status");
				assertThat(status.at("/owner/token").asLong()).isPositive();
				assertThat(status.at("/owner/here").asBoolean()).isTrue();
				assertThat(status.path("partitionOwners").size()).isEqualTo(2);
			});
		}
	}

	@Test
	void isReadOnlyUnlessAllowedOtherwise() {
		try (ShopApplication shop = ShopApplication.start(this.redis, WebApplicationType.SERVLET)) {
			ConsoleClient console = new ConsoleClient(shop.url());

			HttpResponse<String> response = console.post("subscription/change",
					"{\"id\":\"orders\",\"action\":\"pause\"}");

			assertThat(response.statusCode()).isEqualTo(403);
			assertThat(response.body()).contains("pubsub.console.access=unrestricted");
			assertThat(console.read("about").path("actions").asBoolean()).isFalse();
			assertThat(console.read("subscription?id=orders").at("/subscription/state").asString())
				.isNotEqualTo("paused");
		}
	}

	@Test
	void refusesForgedRequests() {
		try (ShopApplication shop = ShopApplication.start(this.redis, WebApplicationType.SERVLET, UNRESTRICTED)) {
			ConsoleClient console = new ConsoleClient(shop.url());
			String pause = "{\"id\":\"orders\",\"action\":\"pause\"}";

			assertThat(console
				.send("/api/subscription/change",
						(request) -> request.header("Content-Type", "application/json")
							.POST(BodyPublishers.ofString(pause)))
				.body()).contains("The header X-PubSub-Console is missing");
			for (String[] header : new String[][] { { "Sec-Fetch-Site", "cross-site" },
					{ "Sec-Fetch-Site", "same-site" }, { "Origin", "https://evil.example" }, { "Origin", "null" },
					{ "Origin", "http://localhost" } }) {
				assertThat(console.post("subscription/change", pause, (request) -> request.header(header[0], header[1]))
					.statusCode()).as(String.join(" ", header)).isEqualTo(403);
			}
			assertThat(console
				.send("/api/subscription/change",
						(request) -> request.header("X-PubSub-Console", "1")
							.header("Content-Type", "text/plain")
							.POST(BodyPublishers.ofString(pause)))
				.statusCode()).isEqualTo(415);
			assertThat(console.get("/api/subscription/change").statusCode()).isEqualTo(405);

			String own = shop.url().replace("/pubsub", "");
			assertThat(
					console.post("subscription/change", pause, (request) -> request.header("Origin", own)).statusCode())
				.isEqualTo(200);
			assertThat(console
				.post("subscription/change", pause,
						(request) -> request.header("Origin", "https://shop.example")
							.header("X-Forwarded-Host", "shop.example")
							.header("Sec-Fetch-Site", "same-origin"))
				.statusCode()).isEqualTo(200);
		}
	}

	@Test
	void answersBadInputWithASentence() {
		try (ShopApplication shop = ShopApplication.start(this.redis, WebApplicationType.SERVLET, UNRESTRICTED)) {
			ConsoleClient console = new ConsoleClient(shop.url());
			String orders = this.redis.key("orders");

			Map.of("messages", 400, "messages?stream=other", 404, "message?stream=" + orders + "&id=1-1", 404,
					"message?stream=" + orders + "&id=x", 400, "messages?stream=" + orders + "&from=yesterday", 400,
					"messages?stream=" + orders + "&count=1000", 400, "subscription?id=other", 404,
					"dead-letters?stream=" + orders + "&place=other", 404, "group?stream=" + orders + "&group=other",
					404)
				.forEach((name, status) -> {
					HttpResponse<String> response = console.get("/api/" + name);
					assertThat(response.statusCode()).as(name).isEqualTo(status);
					assertThat(response.body()).as(name).startsWith("{\"message\":\"").endsWith(".\"}");
				});
			assertThat(console.post("subscription/change", "{").statusCode()).isEqualTo(400);
			assertThat(console.post("subscription/change", "[]").statusCode()).isEqualTo(400);
			assertThat(console.post("subscription/change", "{\"id\":\"orders\",\"action\":\"explode\"}").body())
				.contains("must be one of [start, stop, pause, resume], was \\\"explode\\\"");
			assertThat(console.post("dead-letter/redrive", "{\"stream\":\"%s\",\"id\":\"1-1\"}".formatted(orders))
				.statusCode()).isEqualTo(404);
		}
	}

}
