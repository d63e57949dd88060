package dev.pubsub.redis.console;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.options.ColorScheme;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisServerProcess;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Takes the screenshots of the documentation: light, dark and on a phone. They go to
 * {@code target/screenshots}, or where the system property
 * {@code pubsub.console.screenshots} says.
 */
class ScreenshotIntegrationTests {

	private static final int POINTS = 12;

	@Test
	void screensOfAllSizesAndColoursShowEverything() {
		try (RedisServerProcess server = RedisServerProcess.start();
				ShopApplication shop = ShopApplication.start(server.redis(), WebApplicationType.SERVLET,
						"--pubsub.console.access=unrestricted", "--pubsub.console.show-payloads=true",
						"--spring.application.name=shop");
				Chromium chromium = Chromium.start()) {
			keepBusy(shop);

			try (BrowsedPage page = chromium.open(new NewContextOptions().setViewportSize(1280, 860))) {
				show(page, shop.url(), "overview-light");
				show(page, shop.url() + "/#/dead-letters?stream=orders", "dead-letters-light");
				show(page, shop.url() + "/#/cron", "cron-light");
			}
			try (BrowsedPage page = chromium
				.open(new NewContextOptions().setViewportSize(1280, 860).setColorScheme(ColorScheme.DARK))) {
				show(page, shop.url(), "overview-dark");
			}
			try (BrowsedPage page = chromium.open(new NewContextOptions().setViewportSize(390, 844)
				.setDeviceScaleFactor(2)
				.setIsMobile(true)
				.setHasTouch(true))) {
				show(page, shop.url(), "overview-phone");
				assertThat(page.page().evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
					.as("nothing is wider than the screen")
					.isEqualTo(true);
			}
		}
	}

	/**
	 * Publish for as long as the first charts need.
	 */
	private static void keepBusy(ShopApplication shop) {
		RedisStreamProducer producer = shop.bean(RedisStreamProducer.class);
		ConsoleClient console = new ConsoleClient(shop.url());
		AtomicBoolean enough = new AtomicBoolean();
		Thread customers = new Thread(() -> {
			for (int order = 0; !enough.get(); order++) {
				String item = (order % 400 == 200) ? "nothing" : (order % 3 == 0) ? "apple" : "pear";
				producer.publish("orders", Map.of("item", item, "customer", "customer " + order % 17));
			}
		});
		customers.start();
		try {
			await().atMost(Duration.ofMinutes(1)).until(() -> console.read("chart").path("points").size() > POINTS);
		}
		finally {
			enough.set(true);
		}
	}

	private static void show(BrowsedPage page, String url, String name) {
		page.open(url);
		assertThat(page.page().getByText("Loading …")).hasCount(0);
		page.screenshot(name);
	}

}
