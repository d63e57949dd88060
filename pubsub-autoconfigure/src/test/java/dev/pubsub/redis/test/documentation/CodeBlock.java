package dev.pubsub.redis.test.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A fenced block of code on a page of the documentation.
 *
 * @param page the Markdown file
 * @param line number of its first line of code
 * @param text the code
 */
public record CodeBlock(Path page, int line, String text) {

	private static final Path ROOT = Path.of("..");

	/**
	 * Return the blocks of all pages, README included.
	 * @param language the word behind the opening fence, such as {@code java}
	 * @return the blocks, by page and line
	 */
	public static List<CodeBlock> ofAllPages(String language) {
		try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
			return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.sorted())
				.filter((page) -> page.toString().endsWith(".md"))
				.flatMap((page) -> of(page, language).stream())
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the blocks of one page.
	 * @param page the Markdown file
	 * @param language the word behind the opening fence, such as {@code java}
	 * @return the blocks in their order
	 */
	public static List<CodeBlock> of(Path page, String language) {
		List<CodeBlock> blocks = new ArrayList<>();
		List<String> lines = lines(page);
		for (int i = 0; i < lines.size(); i++) {
			if (lines.get(i).strip().equals("```" + language)) {
				int start = i + 1;
				while (!lines.get(++i).strip().equals("```")) {
					// on to the closing fence
				}
				blocks.add(new CodeBlock(page, start + 1, String.join("\n", lines.subList(start, i)) + "\n"));
			}
		}
		return blocks;
	}

	private static List<String> lines(Path page) {
		try {
			return Files.readAllLines(page);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return whether the block is on a page.
	 * @param name file name of the page
	 * @return whether the page has that name
	 */
	public boolean isOn(String name) {
		return this.page.getFileName().toString().equals(name);
	}

	@Override
	public String toString() {
		return this.page.getFileName() + ":" + this.line;
	}

}
