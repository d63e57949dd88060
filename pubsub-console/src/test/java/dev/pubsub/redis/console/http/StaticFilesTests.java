package dev.pubsub.redis.console.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpStatus;

import static org.assertj.core.api.Assertions.assertThat;

class StaticFilesTests {

	private final StaticFiles files = new StaticFiles();

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "..", "../http/StaticFiles.class", "views/../api.js", "./api.js", "views", "lib/",
			"views//cron.js", "nothing.js", "api.js ", "%61pi.js", "\\api.js" })
	void hasNoFileOutsideItsFolder(String name) {
		assertThat(this.files.get(name, null)).isEmpty();
	}

	@Test
	void everyFileOfThePageIsThere() {
		List<String> found = this.files.get("index.html", null)
			.map((page) -> new String(page.body(), StandardCharsets.UTF_8))
			.map((page) -> Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page).results())
			.orElseThrow()
			.map((match) -> match.group(1))
			.toList();

		assertThat(found).hasSize(7)
			.allSatisfy((name) -> assertThat(this.files.get(name, null)).as(name).isPresent())
			.noneMatch((name) -> name.startsWith("/") || name.contains(":"));
		assertThat(this.files.get("lib/preact/LICENSE", null)).isPresent();
		assertThat(this.files.get("lib/uplot/LICENSE", null)).isPresent();
	}

	@Test
	void pageHasNoInlineScriptsOrStyles() {
		String page = new String(this.files.get("index.html", null).orElseThrow().body(), StandardCharsets.UTF_8);

		Matcher inline = Pattern.compile("<style|style=|<script(?![^>]*src=)|\\son[a-z]+=").matcher(page);

		assertThat(inline.find()).isFalse();
	}

	@Test
	void aKnownFileIsNotSentAgain() {
		ConsoleResponse first = this.files.get("app.js", null).orElseThrow();
		Optional<ConsoleResponse> again = this.files.get("app.js", first.headers().getETag());

		assertThat(again).hasValueSatisfying((response) -> {
			assertThat(response.status()).isEqualTo(HttpStatus.NOT_MODIFIED);
			assertThat(response.body()).isEmpty();
		});
	}

}
