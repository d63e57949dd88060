package dev.pubsub.redis.internal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class SafeTextTests {

	@Test
	void leavesOrdinaryTextsAlone() {
		String text = "Straße \"7\", 東京 😀 \\n";

		assertThat(SafeText.of(text)).isSameAs(text);
	}

	@ParameterizedTest
	@CsvSource({ "000a, \\n", "000d, \\r", "0009, \\t", "001b, \\u001b", "0000, \\u0000", "007f, \\u007f",
			"0085, \\u0085", "009b, \\u009b", "2028, \\u2028", "2029, \\u2029", "202e, \\u202e", "feff, \\ufeff",
			"d83d, \\ud83d", "de00, \\ude00" })
	void escapesWhatEndsALineOrCommandsATerminal(String code, String escaped) {
		char character = (char) Integer.parseInt(code, 16);

		String text = SafeText.of("a" + character + "b\n");

		assertThat(text).isEqualTo("a" + escaped + "b\\n");
	}

	@Test
	void cutsLongTextsAndSaysHowLongTheyWere() {
		assertThat(SafeText.of("x".repeat(200_000))).isEqualTo("x".repeat(1000) + "… (200000 characters)");
	}

	@Test
	void cutsNoCharacterInHalf() {
		assertThat(SafeText.of("x".repeat(999) + "😀😀")).startsWith("x".repeat(999) + "\\ud83d…");
	}

	@Test
	void knowsNothing() {
		assertThat(SafeText.of(null)).isEqualTo("null");
	}

}
