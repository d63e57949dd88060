package dev.pubsub.redis.console;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Names, ids and requests that are not what they mostly are, in both web stacks.
 */
@RedisTest
@ParameterizedClass
@EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
class ConsoleOddRequestsIntegrationTests {

	private static final String UNRESTRICTED = "--pubsub.console.access=unrestricted";

	private static final String HIGHEST = "18446744073709551615-18446744073709551615";

	@Parameter
	private WebApplicationType type;

	private final TestRedis redis;

	ConsoleOddRequestsIntegrationTests(TestRedis redis) {
		this.redis = redis;
	}

	private ShopApplication start(String stream, String... arguments) {
		Map<String, String> settings = new LinkedHashMap<>(ShopApplication.WITHOUT_SECURITY);
		settings.putAll(Map.of("orders", stream, "reports", this.redis.key("reports"), "spring.data.redis.url",
				this.redis.url()));
		return ShopApplication.start(this.type, settings, arguments);
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8);
	}

	@ParameterizedTest
	@ValueSource(strings = { "eu/orders/1", "50%", "a%2Fb", "a b", "a+b&c=d", "{eu}:orders", "Bestellungen für Ünal",
			"a\"b'c<script>", "#/?" })
	void namesMayHaveAnything(String name) {
		String stream = this.redis.key(name);
		try (ShopApplication shop = start(stream, UNRESTRICTED)) {
			ConsoleClient console = new ConsoleClient(shop.url());
			String letters = String
				.valueOf(console.read("stream?stream=" + encode(stream)).at("/deadLetterStreams/0/name").asString());
			String id = this.redis.xadd(letters, Map.of("item", "apple"));

			assertThat(console.read("dead-letters?stream=" + encode(stream)).path("total").asInt()).isOne();
			assertThat(console
				.post("dead-letter/redrive",
						"{\"stream\":\"%s\",\"id\":\"%s\"}".formatted(stream.replace("\"", "\\\""), id))
				.body()).contains("Redriven as ");
			assertThat(console.read("messages?stream=" + encode(stream)).path("messages")).hasSize(1);
			assertThat(console.get("/api/group?group=shop&stream=" + encode(stream)).statusCode()).isEqualTo(200);
		}
	}

	@Test
	void idsMayBeTheHighestThereAre() {
		String stream = this.redis.key("orders");
		this.redis.execute("XADD", stream, "1-1", "item", "apple");
		this.redis.execute("XADD", stream, "18446744073709551615-1", "item", "apple");
		this.redis.execute("XADD", stream, HIGHEST, "item", "apple");
		this.redis.execute("XADD", "{" + stream + "}:dlq", HIGHEST, "item", "apple");
		try (ShopApplication shop = start(stream, UNRESTRICTED)) {
			ConsoleClient console = new ConsoleClient(shop.url());

			assertThat(console.read("message?id=" + HIGHEST + "&stream=" + stream).path("id").asString())
				.isEqualTo(HIGHEST);
			assertThat(console.read("stream?stream=" + stream).path("lastId").asString()).isEqualTo(HIGHEST);
			assertThat(console.read("messages?count=1&before=" + HIGHEST + "&stream=" + stream)
				.at("/messages/0/id")
				.asString()).isEqualTo("18446744073709551615-1");
			assertThat(console.read("messages?stream=" + stream + "&from=18446744073709551615-2").path("messages"))
				.hasSize(1);
			assertThat(console.read("dead-letter?id=" + HIGHEST + "&stream=" + stream).path("id").asString())
				.isEqualTo(HIGHEST);
			assertThat(console.get("/api/group?stream=" + stream + "&group=shop&after=" + HIGHEST).statusCode())
				.isEqualTo(200);
			assertThat(console.read("messages?before=0-0&stream=" + stream).path("messages")).isEmpty();
			await().until(() -> console.read("overview").at("/totals/handled").asLong() == 3);
			// Nothing can be added any more.
			HttpResponse<String> redrive = console.post("dead-letter/redrive",
					"{\"stream\":\"%s\",\"id\":\"%s\"}".formatted(stream, HIGHEST));
			assertThat(redrive.statusCode()).isEqualTo(503);
			assertThat(redrive.body()).contains("Cannot redrive");
			assertThat(this.redis.xlen("{" + stream + "}:dlq")).isOne();
		}
	}

	@Test
	void badInputIsExplained() {
		String stream = this.redis.key("orders");
		try (ShopApplication shop = start(stream, UNRESTRICTED)) {
			ConsoleClient console = new ConsoleClient(shop.url());
			for (String query : List.of("messages?stream=" + stream + "&before=99999999999999999999-0",
					"messages?stream=" + stream + "&from=1-x",
					"messages?stream=" + stream + "&to=999999999999999999999", "messages?stream=" + stream + "&count=0",
					"messages?stream=" + stream + "&count=101", "streams?page=0", "streams?size=1000000",
					"streams?page=99999999999", "cron?size=-1", "group?stream=" + stream,
					"message?stream=" + stream + "&id=" + "9".repeat(2000))) {
				assertProblem(console.get("/api/" + query), 400);
			}
			for (String query : List.of("messages?stream=" + encode("{" + stream + "}:dlq"), "stream?stream=*",
					"group?stream=" + stream + "&group=" + "x".repeat(1500), "message?stream=" + stream + "&id=1-1",
					"chart?id=nothing")) {
				assertProblem(console.get("/api/" + query), 404);
			}
			for (String body : List.of("", "{", "null", "[]", "7", "\"text\"", "[".repeat(5000), "{\"id\":{}}",
					"{\"id\":\"orders\"}")) {
				assertProblem(console.post("subscription/change", body), 400);
			}
			assertProblem(console.post("subscription/change", "{\"id\":\"" + "x".repeat(70_000) + "\"}"), 413);
			assertThat(console.get("/api/streams?page=2147483647&size=1").statusCode()).isEqualTo(200);
			assertThat(console.read("messages?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z&stream=" + stream)
				.path("messages")).isEmpty();
		}
	}

	@Test
	void oneKeyThatIsNoStreamDoesNotHideTheOthers() {
		String stream = this.redis.key("orders");
		String wrong = this.redis.key("wrong");
		this.redis.execute("SET", wrong, "text");
		try (ShopApplication shop = start(stream, "--pubsub.redis.streams.[" + wrong + "].group=shop")) {
			ConsoleClient console = new ConsoleClient(shop.url());

			HttpResponse<String> streams = console.get("/api/streams");

			assertThat(streams.statusCode()).as(streams.body()).isEqualTo(200);
			assertThat(streams.body()).contains(stream, "WRONGTYPE");
			assertThat(console.get("/api/stream?stream=" + wrong).body()).contains("WRONGTYPE");
			assertThat(console.get("/api/dead-letter-streams").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void aStreamMayGoAwayWhileItIsLookedAt() {
		String stream = this.redis.key("orders");
		String other = this.redis.key("other");
		this.redis.execute("XGROUP", "CREATE", other, "shop", "0", "MKSTREAM");
		try (ShopApplication shop = start(stream, UNRESTRICTED, "--pubsub.redis.streams.[" + other + "].group=shop")) {
			ConsoleClient console = new ConsoleClient(shop.url());
			assertThat(console.get("/api/group?group=shop&stream=" + other).statusCode()).isEqualTo(200);

			this.redis.execute("DEL", other);

			assertThat(console.read("stream?stream=" + other).path("length").isNull()).isTrue();
			assertThat(console.read("messages?stream=" + other).path("messages")).isEmpty();
			assertProblem(console.get("/api/group?group=shop&stream=" + other), 404);
			assertProblem(console.post("consumer/delete",
					"{\"stream\":\"%s\",\"group\":\"shop\",\"consumer\":\"c\"}".formatted(other)), 404);
			assertProblem(console.post("message/retry",
					"{\"stream\":\"%s\",\"group\":\"shop\",\"id\":\"1-1\"}".formatted(other)), 404);
			assertThat(console.get("/api/streams").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void servesBehindAPrefixThatAProxyTellsOf() {
		try (ShopApplication shop = start(this.redis.key("orders"), UNRESTRICTED,
				"--server.forward-headers-strategy=framework")) {
			ConsoleClient console = new ConsoleClient(shop.url());

			assertThat(console.send("", (request) -> request.header("X-Forwarded-Prefix", "/team/a"))
				.headers()
				.firstValue("Location")).hasValue("./pubsub/");
			assertThat(console.send("/api/overview", (request) -> request.header("X-Forwarded-Prefix", "/team/a"))
				.statusCode()).isEqualTo(200);
			assertThat(console
				.post("subscription/change", "{\"id\":\"orders\",\"action\":\"pause\"}",
						(request) -> request.header("X-Forwarded-Prefix", "/team/a")
							.header("X-Forwarded-Host", "shop.example")
							.header("X-Forwarded-Proto", "https")
							.header("Origin", "https://shop.example"))
				.statusCode()).isEqualTo(200);
			assertThat(console
				.post("subscription/change", "{\"id\":\"orders\",\"action\":\"resume\"}",
						(request) -> request.header("X-Forwarded-Host", "shop.example")
							.header("X-Forwarded-Proto", "https")
							.header("Origin", "https://evil.example"))
				.statusCode()).isEqualTo(403);
		}
	}

	private static void assertProblem(HttpResponse<String> response, int status) {
		assertThat(response.body()).startsWith("{\"message\":\"").endsWith(".\"}").hasSizeLessThan(1500);
		assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
	}

}
