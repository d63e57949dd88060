package dev.pubsub.redis.internal;

import java.io.PrintWriter;
import java.io.StringWriter;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FailureTextTests {

	private static final String EVIL = "no\r\n2026-01-01 ERROR forged \u001b[2J" + "x".repeat(200_000);

	@Test
	void namesClassAndMessageOnOneLine() {
		assertThat(FailureText.of(new IllegalStateException("no\nstock")))
			.isEqualTo("java.lang.IllegalStateException: no\\nstock");
		assertThat(FailureText.of(new IllegalStateException())).isEqualTo("java.lang.IllegalStateException");
	}

	@Test
	void namesTheRootCauseUnlessItSaysTheSame() {
		Throwable root = new IllegalArgumentException("no stock");

		assertThat(FailureText.of(new IllegalStateException("cannot deliver", new RuntimeException(root)))).isEqualTo(
				"java.lang.IllegalStateException: cannot deliver, caused by java.lang.IllegalArgumentException: no stock");
		assertThat(FailureText.of(new RuntimeException(root)))
			.isEqualTo("java.lang.RuntimeException: java.lang.IllegalArgumentException: no stock");
	}

	@Test
	void survivesAnExceptionThatCannotSayWhatItIs() {
		Throwable broken = new RuntimeException() {

			@Override
			public String getMessage() {
				throw new UnsupportedOperationException();
			}

		};

		assertThat(FailureText.of(broken)).contains("asking for it failed");
		assertThat(print(FailureText.loggable(broken))).contains("asking for it failed");
	}

	@Test
	void leavesOrdinaryFailuresAlone() {
		Throwable failure = new IllegalStateException("no stock", new RuntimeException("why"));

		assertThat(FailureText.loggable(failure)).isSameAs(failure);
	}

	@Test
	void copiesFailuresWhoseTextsAreNotSafe() {
		IllegalStateException failure = new IllegalStateException("cannot", new RuntimeException(EVIL));
		failure.addSuppressed(new IllegalArgumentException(EVIL));

		String text = print(FailureText.loggable(failure));

		assertThat(text).contains("java.lang.IllegalStateException: cannot",
				"Caused by: java.lang.RuntimeException: no", "Suppressed: java.lang.IllegalArgumentException: no",
				"FailureTextTests");
		assertThat(text).doesNotContain("\u001b").hasSizeLessThan(20_000);
		assertThat(text.lines()).noneMatch((line) -> line.startsWith("2026"));
	}

	@Test
	void survivesAFailureThatCausedItself() {
		RuntimeException one = new RuntimeException(EVIL);
		one.initCause(new RuntimeException("other", one));

		assertThat(print(FailureText.loggable(one))).contains("other");
		assertThat(FailureText.of(one)).contains("java.lang.RuntimeException");
	}

	private static String print(Throwable failure) {
		StringWriter text = new StringWriter();
		failure.printStackTrace(new PrintWriter(text));
		return text.toString();
	}

}
