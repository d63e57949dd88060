package dev.pubsub.redis.internal;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Texts of others, such as the messages of an application's exceptions, as they may
 * appear in log lines, dead letters, health and endpoints: on one line, without control
 * characters, and not longer than a limit. All of them pass here.
 */
public final class SafeText {

	/**
	 * How many characters of a text are kept, a little more in the end.
	 */
	public static final int MOST = 1000;

	private SafeText() {
	}

	/**
	 * Return a text with its control characters escaped and cut to {@value #MOST}
	 * characters.
	 * @param text a text
	 * @return the text itself where nothing is to be changed; {@code "null"} for none
	 */
	public static String of(@Nullable Object text) {
		String present = String.valueOf(text);
		if (isSafe(present)) {
			return present;
		}
		StringBuilder safe = new StringBuilder();
		int length = Math.min(present.length(), MOST);
		for (int i = 0; i < length; i++) {
			append(safe, present, i);
		}
		if (length < present.length()) {
			safe.append("… (").append(present.length()).append(" characters)");
		}
		return safe.toString();
	}

	/**
	 * Return whether a text may appear as it is.
	 */
	static boolean isSafe(String text) {
		return text.length() <= MOST && text.chars().noneMatch((character) -> isUnsafe((char) character));
	}

	private static void append(StringBuilder safe, String text, int index) {
		char character = text.charAt(index);
		switch (character) {
			case '\n' -> safe.append("\\n");
			case '\r' -> safe.append("\\r");
			case '\t' -> safe.append("\\t");
			default -> {
				if (isUnsafe(character) || isHalf(text, index)) {
					safe.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
				}
				else {
					safe.append(character);
				}
			}
		}
	}

	/**
	 * Control characters end a line or command a terminal; line separators and changes of
	 * direction make a line look like another.
	 */
	private static boolean isUnsafe(char character) {
		return Character.isISOControl(character) || switch (Character.getType(character)) {
			case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.FORMAT -> true;
			default -> false;
		};
	}

	/**
	 * Return whether the other half of a character is missing, which the cut may do.
	 */
	private static boolean isHalf(String text, int index) {
		char character = text.charAt(index);
		if (Character.isHighSurrogate(character)) {
			return index + 1 >= Math.min(text.length(), MOST) || !Character.isLowSurrogate(text.charAt(index + 1));
		}
		return Character.isLowSurrogate(character)
				&& (index == 0 || !Character.isHighSurrogate(text.charAt(index - 1)));
	}

}
