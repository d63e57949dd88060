package dev.pubsub.redis.console;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.pubsub.redis.producer.RedisStreamProducer;
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
 * The console in a browser, as people use it.
 */
@RedisTest
class ConsolePageIntegrationTests {

	private static Chromium chromium;

	private final TestRedis redis;

	private final String orders;

	private final String reports;

	ConsolePageIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.orders = redis.key("orders");
		this.reports = redis.key("reports");
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
	void looksAndActs(WebApplicationType type) {
		try (ShopApplication shop = ShopApplication.start(this.redis, type, "--pubsub.console.access=unrestricted",
				"--pubsub.console.show-payloads=true"); BrowsedPage page = chromium.open(new NewContextOptions())) {
			RedisStreamProducer producer = shop.bean(RedisStreamProducer.class);
			page.open(shop.url());

			// A counter that moves
			assertThat(page.fact("Handled")).hasText("0");
			producer.publish(this.orders, Map.of("item", "apple"));
			assertThat(page.fact("Handled")).hasText("1");
			producer.publish(this.orders, Map.of("item", "pear"));
			assertThat(page.fact("Handled")).hasText("2");

			// Pause and resume
			page.press("Pause orders");
			assertThat(page.row("orders").locator(".state")).hasText("paused");
			page.press("Resume orders");
			assertThat(page.row("orders").locator(".state")).hasText("running");

			// A dead letter, with its exception and payload, that is redriven
			producer.publish(this.orders, Map.of("item", "nothing"));
			assertThat(page.fact("Dead letters")).hasText("1");
			page.fact("Dead letters").locator("a").click();
			page.follow(this.orders);
			assertThat(page.heading("Dead letters of " + this.orders)).isVisible();
			String letter = page.page().locator("tbody th a").innerText();
			page.follow(letter);
			assertThat(page.fact("Exception")).hasText("java.lang.IllegalArgumentException");
			assertThat(page.fact("Message")).hasText("There is nothing to deliver");
			assertThat(page.row("item").locator("pre")).hasText("nothing");
			page.press("Redrive " + letter);
			page.awaitNote("Redriven as \\d+-0\\.");
			await().until(() -> this.redis.xlen(this.orders), (length) -> length == 4);

			// The messages, by id
			page.follow("Messages");
			assertThat(page.heading("Messages of " + this.orders)).isVisible();
			assertThat(page.page().locator("tbody tr")).hasCount(4);
			page.page().locator("tbody th a").last().click();
			assertThat(page.row("item").locator("pre")).hasText("apple");

			// A cron job
			page.follow("Cron jobs");
			page.press("Trigger " + this.reports);
			page.awaitNote("Added the message");
			await().until(() -> this.redis.xlen(this.reports), (length) -> length == 1);

			// All dead letters
			page.follow("Dead letters");
			page.follow(this.orders);
			assertThat(page.heading("Dead letters of " + this.orders)).isVisible();
			page.press("Redrive all");
			page.page().locator("dialog button.primary").click();
			assertThat(page.fact("Run")).hasText("Redriven: 1 (done)");
			await().until(() -> this.redis.xlen(this.orders), (length) -> length == 5);

			assertThat(page.complaints()).isEmpty();
			assertThat(page.hosts()).containsOnly("localhost");
		}
	}

	@Test
	void asksBeforeItDestroys() {
		try (ShopApplication shop = ShopApplication.start(this.redis, WebApplicationType.SERVLET,
				"--pubsub.console.access=unrestricted"); BrowsedPage page = chromium.open(new NewContextOptions())) {
			shop.bean(RedisStreamProducer.class).publish(this.orders, Map.of("item", "nothing"));
			await().until(() -> this.redis.xlen("{" + this.orders + "}:dlq"), (length) -> length > 0);
			page.open(shop.url() + "/#/dead-letters?stream=" + this.orders);

			page.press("Discard all");
			page.press("Cancel");
			assertThat(page.page().locator("tbody tr")).hasCount(1);
			page.press("Discard all");
			page.page().locator("dialog button.danger").click();
			assertThat(page.fact("Run")).hasText("Discarded: 1 (done)");

			assertThat(page.page().locator(".hint").first()).hasText(Pattern.compile("No dead letters here"));
			assertThat(this.redis.xlen("{" + this.orders + "}:dlq")).isZero();
			assertThat(page.complaints()).isEmpty();
		}
	}

	@Test
	void readOnlyPageHasNoActions() {
		try (ShopApplication shop = ShopApplication.start(this.redis, WebApplicationType.SERVLET);
				BrowsedPage page = chromium.open(new NewContextOptions())) {
			page.open(shop.url());

			assertThat(page.row("orders")).isVisible();
			assertThat(page.page().locator(".badge")).hasText("read-only");
			assertThat(page.page().locator(".actions button")).hasCount(0);
		}
	}

	@Test
	void everyPageIsAccessible() {
		try (ShopApplication shop = ShopApplication.start(this.redis, WebApplicationType.SERVLET,
				"--pubsub.console.access=unrestricted", "--pubsub.console.show-payloads=true");
				BrowsedPage page = chromium.open(new NewContextOptions())) {
			RedisStreamProducer producer = shop.bean(RedisStreamProducer.class);
			producer.publish(this.orders, Map.of("item", "apple"));
			producer.publish(this.orders, Map.of("item", "nothing"));
			String dead = "{" + this.orders + "}:dlq";
			await().until(() -> this.redis.xlen(dead), (length) -> length > 0);
			String letter = String
				.valueOf(((List<?>) this.redis.executeForList("XRANGE", dead, "-", "+").get(0)).get(0));

			for (String route : List.of("overview", "subscription?id=orders", "streams", "stream?stream=" + this.orders,
					"group?stream=" + this.orders + "&group=shop", "messages?stream=" + this.orders, "dead-letters",
					"dead-letters?stream=" + this.orders, "dead-letter?stream=" + this.orders + "&id=" + letter, "cron",
					"nothing")) {
				for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
					page.page().emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
					page.open(shop.url() + "/#/" + route);
					assertThat(page.page().getByText("Loading …")).hasCount(0);
					assertThat(page.barriers()).as(route + " " + scheme).isEmpty();
				}
			}
			assertThat(page.complaints()).isEmpty();
		}
	}

}
