package dev.pubsub.redis.console;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;

/**
 * A headless browser: the executable that the environment variable
 * {@code PUBSUB_TEST_CHROMIUM} names, or the {@code chromium} of the machine. The tests
 * fail without one.
 */
final class Chromium implements AutoCloseable {

	private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

	/** A busy machine is slow, and Redis that is away is waited for. */
	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Playwright playwright;

	private final Browser browser;

	private Chromium(Playwright playwright, Browser browser) {
		this.playwright = playwright;
		this.browser = browser;
	}

	static Chromium start() {
		PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE.toMillis());
		Playwright playwright = Playwright
			.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
		return new Chromium(playwright,
				playwright.chromium()
					.launch(new BrowserType.LaunchOptions().setExecutablePath(executable())
						.setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage"))));
	}

	private static Path executable() {
		String chosen = System.getenv("PUBSUB_TEST_CHROMIUM");
		if (chosen != null) {
			return Path.of(chosen);
		}
		return Stream.of(Objects.toString(System.getenv("PATH"), "").split(File.pathSeparator))
			.flatMap((folder) -> NAMES.stream().map((name) -> Path.of(folder, name)))
			.filter(Files::isExecutable)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException(
					"There is no Chromium on the PATH to test the console with: install Debian's package \"chromium\", "
							+ "or name an executable in PUBSUB_TEST_CHROMIUM"));
	}

	/**
	 * Open a page.
	 * @param options what kind of screen
	 * @return the page
	 */
	BrowsedPage open(Browser.NewContextOptions options) {
		Page page = this.browser.newContext(options.setLocale("en-GB").setTimezoneId("UTC")).newPage();
		return new BrowsedPage(page);
	}

	/**
	 * Return the script that finds what people with disabilities cannot use.
	 */
	static String axe() {
		try (InputStream script = Chromium.class.getResourceAsStream("/axe.min.js")) {
			return new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.browser.close();
		this.playwright.close();
	}

}
