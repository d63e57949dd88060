package dev.pubsub.redis.console;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.AriaRole;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

/**
 * The console's page in a browser, and all that the browser had to say about it.
 */
final class BrowsedPage implements AutoCloseable {

	private final Page page;

	private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

	private final List<String> hosts = Collections.synchronizedList(new ArrayList<>());

	BrowsedPage(Page page) {
		this.page = page;
		page.onConsoleMessage((message) -> {
			if (!message.type().equals("log")) {
				this.complaints.add(message.type() + ": " + message.text() + " at " + message.location());
			}
		});
		page.onPageError(this.complaints::add);
		page.onRequestFailed((request) -> {
			// Navigation ends requests that are under way.
			if (!String.valueOf(request.failure()).contains("ERR_ABORTED")) {
				this.complaints.add(request.url() + " " + request.failure());
			}
		});
		page.onRequest((request) -> this.hosts.add(URI.create(request.url()).getHost()));
	}

	/**
	 * Return what the browser complained of.
	 */
	List<String> complaints() {
		return List.copyOf(this.complaints);
	}

	/**
	 * Return the hosts that the page sent requests to.
	 */
	List<String> hosts() {
		return List.copyOf(this.hosts);
	}

	void open(String url) {
		this.page.navigate(url);
		assertThat(this.page.locator("h1")).isVisible();
	}

	void follow(String link) {
		click(link(link));
	}

	private void click(Locator locator) {
		try {
			locator.click();
		}
		catch (TimeoutError ex) {
			throw new AssertionError("Cannot click in " + this.page.url() + ":\n" + this.page.innerText("body"), ex);
		}
	}

	Locator link(String name) {
		return this.page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
	}

	void press(String button) {
		click(button(button));
	}

	Locator button(String name) {
		return this.page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
	}

	Locator heading(String text) {
		return this.page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName(text));
	}

	/**
	 * Return the value of a fact, such as the number of messages that are handled.
	 */
	Locator fact(String name) {
		return this.page.locator("[data-fact='" + name + "']");
	}

	/**
	 * Return a row of a table.
	 */
	Locator row(String key) {
		return this.page.locator("tr[data-key='" + key + "']");
	}

	/**
	 * Wait for what the page tells about an action.
	 */
	void awaitNote(String pattern) {
		assertThat(this.page.locator(".note")).containsText(Pattern.compile(pattern));
	}

	/**
	 * Return the findings of axe-core that keep people from using the page.
	 */
	@SuppressWarnings("unchecked")
	List<String> barriers() {
		this.page.evaluate(Chromium.axe());
		List<Map<String, Object>> violations = (List<Map<String, Object>>) this.page
			.evaluate("async () => (await axe.run()).violations.map((found) => ({ id: found.id, impact: found.impact, "
					+ "nodes: found.nodes.map((node) => node.html + ' ' + node.failureSummary).join('; ') }))");
		return violations.stream().map(Map::toString).toList();
	}

	Page page() {
		return this.page;
	}

	void screenshot(String name) {
		Path folder = Path.of(System.getProperty("pubsub.console.screenshots", "target/screenshots"));
		this.page.screenshot(new Page.ScreenshotOptions().setPath(folder.resolve(name + ".png")));
	}

	@Override
	public void close() {
		this.page.context().close();
	}

}
