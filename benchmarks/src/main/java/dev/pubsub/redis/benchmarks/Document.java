package dev.pubsub.redis.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import tools.jackson.databind.json.JsonMapper;

/**
 * Puts the last results into the documentation: the chart, and the table between its
 * marks.
 */
public final class Document {

	private static final Path PAGE = Path.of("docs", "performance.md");

	private static final Path CHART = Path.of("docs", "performance.svg");

	private static final String START = "<!-- results -->\n";

	private static final String END = "<!-- end of results -->\n";

	private Document() {
	}

	public static void main(String[] arguments) throws IOException {
		String page = Files.readString(PAGE);
		int start = page.indexOf(START);
		int end = page.indexOf(END);
		if (start < 0 || end < start) {
			throw new IllegalStateException("No marks in " + PAGE);
		}
		Files.writeString(PAGE,
				page.substring(0, start) + START + "\n" + Files.readString(Suite.TABLE) + "\n" + page.substring(end));
		Files.writeString(CHART, Chart.draw(JsonMapper.builder().build().readTree(Files.readString(Suite.RESULTS))));
	}

}
