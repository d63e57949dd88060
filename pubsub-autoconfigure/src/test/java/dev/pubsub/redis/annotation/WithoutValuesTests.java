package dev.pubsub.redis.annotation;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What comes from messages must not get into logs by way of exceptions.
 */
class WithoutValuesTests {

	private static final String SECRET = "4111-secret";

	@Test
	void invalidPayloadIsNotInTheException() {
		Throwable failure = catchThrowable(() -> Call.handle(new ValidCard(), Map.of("number", SECRET)));

		assertThat(failure).isInstanceOf(MethodArgumentNotValidException.class)
			.hasMessageContaining("number")
			.hasMessageContaining("must be digits");
		assertThat(trace(failure)).doesNotContain(SECRET);
	}

	@Test
	void headerOfAnotherTypeIsNotInTheException() {
		Throwable failure = catchThrowable(() -> Call.handle(new NumberHeader(), Map.of("__H_card", SECRET)));

		assertThat(failure).hasMessageContaining("the header \"card\" is no int");
		assertThat(trace(failure)).doesNotContain(SECRET);
	}

	@Test
	void absentHeaderIsNamed() {
		Throwable failure = catchThrowable(() -> Call.handle(new NumberHeader(), Map.of("number", SECRET)));

		assertThat(failure).hasMessageContaining("card");
		assertThat(trace(failure)).doesNotContain(SECRET);
	}

	@Test
	void payloadOfAnotherTypeIsNotInTheException() {
		Throwable failure = catchThrowable(() -> Call.handle(new NumberPayload(), Map.of("amount", SECRET)));

		assertThat(trace(failure)).doesNotContain(SECRET);
	}

	private static String trace(Throwable failure) {
		StringWriter text = new StringWriter();
		failure.printStackTrace(new PrintWriter(text));
		return text.toString();
	}

	record Card(@Pattern(regexp = "[0-9]+", message = "must be digits") String number) {

	}

	record Amount(int amount) {

	}

	static class ValidCard {

		@StreamSubscribe("cards")
		void handle(@Valid Card card) {
			throw new AssertionError("Handled an invalid card");
		}

	}

	static class NumberHeader {

		@StreamSubscribe("cards")
		void handle(@Header("card") int card) {
			throw new AssertionError("Handled a header that is no number");
		}

	}

	static class NumberPayload {

		@StreamSubscribe("cards")
		void handle(Amount amount) {
			throw new AssertionError("Handled an amount that is no number");
		}

	}

}
