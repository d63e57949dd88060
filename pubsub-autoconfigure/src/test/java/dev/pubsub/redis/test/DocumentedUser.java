package dev.pubsub.redis.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The users that {@code docs/security.md} says how to create, for tests that the rights
 * are enough.
 */
public final class DocumentedUser {

	private static final Path PAGE = Path.of("../docs/security.md");

	private DocumentedUser() {
	}

	/**
	 * Return the rules of users, as {@code ACL SETUSER} takes them behind the name.
	 * @param stream key of the stream, instead of that in the documentation
	 * @param users names of users in the documentation, whose rules add up
	 * @return the rules
	 */
	public static List<String> rules(String stream, String... users) {
		return Arrays.stream(users)
			.flatMap(DocumentedUser::rules)
			.map((rule) -> rule.replace("orders", stream))
			.toList();
	}

	private static Stream<String> rules(String user) {
		String start = "ACL SETUSER " + user + " ";
		try {
			return Files.readString(PAGE)
				.lines()
				.filter((line) -> line.startsWith(start))
				.findFirst()
				.map((line) -> Arrays.stream(line.substring(start.length()).split(" ")))
				.orElseThrow(() -> new IllegalStateException("No user \"" + user + "\" in " + PAGE));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
