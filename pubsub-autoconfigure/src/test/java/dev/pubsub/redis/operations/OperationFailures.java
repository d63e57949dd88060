package dev.pubsub.redis.operations;

import dev.pubsub.redis.operations.OperationException.Kind;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Asserts what operations do not do.
 */
final class OperationFailures {

	private OperationFailures() {
	}

	static void assertFails(Kind kind, String text, ThrowingCallable call) {
		assertThatExceptionOfType(OperationException.class).isThrownBy(call).satisfies((ex) -> {
			assertThat(ex).hasMessageContaining(text);
			assertThat(ex.getKind()).isEqualTo(kind);
		});
	}

}
