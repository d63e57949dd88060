package dev.pubsub.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pages of the documentation lead to files and headings that exist, and are wrapped.
 */
class DocumentationPagesTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern CODE = Pattern.compile("(?ms)^ *```.*?^ *```$");

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

	@Test
	void linksLeadToFilesAndHeadings() throws IOException {
		List<String> broken = new ArrayList<>();
		for (Path page : pages()) {
			LINK.matcher(prose(page))
				.results()
				.map((link) -> link.group(1))
				.filter((link) -> !link.contains("://"))
				.filter((link) -> !leadsSomewhere(page, link))
				.forEach((link) -> broken.add(ROOT.relativize(page) + " -> " + link));
		}

		assertThat(broken).isEmpty();
	}

	@Test
	void linesOfProseAreWrapped() throws IOException {
		List<String> long120 = new ArrayList<>();
		for (Path page : pages()) {
			prose(page).lines()
				.filter((line) -> line.length() > 120 && !line.startsWith("|") && !line.contains("://"))
				.forEach((line) -> long120.add(ROOT.relativize(page) + ": " + line));
		}

		assertThat(long120).isEmpty();
	}

	private static boolean leadsSomewhere(Path page, String link) {
		String[] parts = link.split("#", 2);
		Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
		if (!Files.exists(target)) {
			return false;
		}
		return parts.length == 1 || anchors(target).contains(parts[1]);
	}

	private static List<String> anchors(Path page) {
		return HEADING.matcher(prose(page))
			.results()
			.map((heading) -> heading.group(1).toLowerCase(Locale.ROOT))
			.map((heading) -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
			.toList();
	}

	private static String prose(Path page) {
		try {
			return CODE.matcher(Files.readString(page)).replaceAll("");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Path> pages() throws IOException {
		try (Stream<Path> docs = Files.walk(ROOT.resolve("docs")); Stream<Path> root = Files.list(ROOT)) {
			return Stream.concat(root, docs).filter((page) -> page.toString().endsWith(".md")).sorted().toList();
		}
	}

}
