package dev.pubsub.redis.console;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

import com.microsoft.playwright.Browser.NewContextOptions;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The console behind a login, a context path and a proxy, and without Redis.
 */
@RedisTest
class ConsoleSurroundingsIntegrationTests {

	private static final String UNRESTRICTED = "--pubsub.console.access=unrestricted";

	private static final String PAUSE = "{\"id\":\"orders\",\"action\":\"pause\"}";

	private static Chromium chromium;

	private final TestRedis redis;

	ConsoleSurroundingsIntegrationTests(TestRedis redis) {
		this.redis = redis;
	}

	@BeforeAll
	static void startBrowser() {
		chromium = Chromium.start();
	}

	@AfterAll
	static void stopBrowser() {
		chromium.close();
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
	void sendsTheTokenOfSpringSecurity(WebApplicationType type) {
		try (ShopApplication shop = ShopApplication.start(this.redis, type,
				Map.of("spring.security.user.name", "ann", "spring.security.user.password", "secret"), UNRESTRICTED);
				BrowsedPage page = chromium.open(new NewContextOptions())) {
			ConsoleClient console = new ConsoleClient(shop.url());
			assertThat(console.get("/api/overview").statusCode()).isEqualTo(401);
			String login = "Basic "
					+ Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.US_ASCII));
			assertThat(console.post("subscription/change", PAUSE, (request) -> request.header("Authorization", login))
				.statusCode()).as("without a token").isIn(401, 403);

			page.page().navigate(shop.url() + "/");
			page.page().fill("input[name=username]", "ann");
			page.page().fill("input[name=password]", "secret");
			page.press("Sign in");
			page.press("Pause orders");
			assertThat(page.row("orders").locator(".state")).hasText("paused");
			page.press("Resume orders");
			assertThat(page.row("orders").locator(".state")).hasText("running");

			assertThat(page.complaints()).noneMatch((complaint) -> complaint.contains("/pubsub/"));
		}
	}

	@ParameterizedTest
	@EnumSource(value = WebApplicationType.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
	void worksBehindContextPathAndProxy(WebApplicationType type) {
		String contextPath = (type == WebApplicationType.SERVLET) ? "--server.servlet.context-path=/shop"
				: "--spring.webflux.base-path=/shop";
		try (ShopApplication shop = ShopApplication.start(this.redis, type, UNRESTRICTED, contextPath,
				"--pubsub.console.path=/ops/console", "--test.path=/shop/ops/console");
				ReverseProxy proxy = ReverseProxy.start("/team/streams", shop.url());
				BrowsedPage page = chromium.open(new NewContextOptions())) {
			page.open(shop.url());
			assertThat(page.row("orders").locator(".state")).hasText("running");

			page.open(proxy.url() + "/");
			page.press("Pause orders");
			assertThat(page.row("orders").locator(".state")).hasText("paused");

			assertThat(page.complaints()).isEmpty();
			assertThat(new ConsoleClient(shop.url().replace("/ops/console", "/pubsub")).get("/").statusCode())
				.isEqualTo(404);
		}
	}

	@Test
	void tellsThatRedisIsAway() {
		try (RedisServerProcess server = RedisServerProcess.start();
				ShopApplication shop = ShopApplication.start(server.redis(), WebApplicationType.SERVLET, UNRESTRICTED);
				BrowsedPage page = chromium.open(new NewContextOptions())) {
			page.open(shop.url() + "/#/streams");
			assertThat(page.row("orders")).isVisible();

			server.kill();
			ConsoleClient console = new ConsoleClient(shop.url());
			HttpResponse<String> stream = console.get("/api/stream?stream=orders");
			assertThat(stream.statusCode()).isEqualTo(503);
			assertThat(stream.body()).startsWith("{\"message\":\"").contains("Redis");
			await().until(() -> console.read("overview").at("/totals/outages").asInt() > 0);
			page.follow("Overview");
			assertThat(page.row("orders")).isVisible();
			page.page().navigate(shop.url() + "/#/stream?stream=orders");
			assertThat(page.page().locator("[role=alert]")).containsText("Redis");

			server.restart();
			assertThat(page.page().locator("[role=alert]")).hasCount(0);
			assertThat(page.fact("Entries")).isVisible();
		}
	}

}
