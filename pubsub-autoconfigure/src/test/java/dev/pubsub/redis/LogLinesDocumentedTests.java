package dev.pubsub.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each line of level WARN or ERROR is in {@code docs/operations.md} with what to do, and
 * the page lists no other: add a row when you add a line.
 */
class LogLinesDocumentedTests {

	private static final Pattern CALL = Pattern
		.compile("logger\\s*\\.\\s*(warn|error)\\(\\s*((?:\"(?:[^\"\\\\]|\\\\.)*\"\\s*\\+?\\s*)*)");

	private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

	private static final Pattern ROW = Pattern.compile("(?m)^\\| (WARN|ERROR) \\| `([^`]+)` \\| \\S.* \\|$");

	@Test
	void operationsPageListsEachLineAndNoOther() throws IOException {
		Set<String> logged = new TreeSet<>();
		try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".java")).toList()) {
				CALL.matcher(Files.readString(file)).results().forEach((call) -> {
					assertThat(call.group(2)).as("line of %s is not a literal", file).isNotBlank();
					logged.add(call.group(1).toUpperCase(Locale.ROOT) + ' ' + text(call.group(2)));
				});
			}
		}
		Matcher rows = ROW.matcher(Files.readString(Path.of("..", "docs", "operations.md")));
		Set<String> listed = rows.results()
			.map((row) -> row.group(1) + ' ' + row.group(2))
			.collect(Collectors.toCollection(TreeSet::new));

		assertThat(listed).isEqualTo(logged);
	}

	private static String text(String literals) {
		return LITERAL.matcher(literals).results().map((literal) -> literal.group(1)).collect(Collectors.joining());
	}

}
