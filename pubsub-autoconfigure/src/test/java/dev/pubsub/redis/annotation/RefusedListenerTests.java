package dev.pubsub.redis.annotation;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import dev.pubsub.redis.InvalidSubscriptionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.scheduling.annotation.Async;
import org.springframework.web.context.annotation.RequestScope;
import org.springframework.web.context.annotation.SessionScope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Beans and methods that could be called, but not as their developer thinks.
 */
class RefusedListenerTests {

	@ParameterizedTest
	@MethodSource
	void startFailsAndNamesMethodAndFinding(Class<?> bean, String... parts) {
		assertThatExceptionOfType(InvalidSubscriptionException.class).isThrownBy(() -> Scan.of(bean))
			.satisfies((ex) -> {
				assertThat(ex.getLocation()).isEqualTo("RefusedListenerTests." + bean.getSimpleName() + ".handle");
				assertThat(ex.getReason()).contains(parts);
				assertThat(ex.getAction()).isNotBlank();
			});
	}

	static Stream<Arguments> startFailsAndNamesMethodAndFinding() {
		return Stream.of(arguments(AsyncMethod.class, new String[] { "@Async", "acknowledged" }),
				arguments(AsyncClass.class, new String[] { "@Async", "acknowledged" }),
				arguments(OfRequest.class, new String[] { "scope \"request\"" }),
				arguments(OfSession.class, new String[] { "scope \"session\"" }),
				arguments(PayloadExpression.class, new String[] { "@Payload(\"customer\")" }));
	}

	@Test
	void asyncMethodThatReturnsItsFutureIsAccepted() {
		assertThat(Scan.of(AsyncFuture.class).subscriptions()).hasSize(1);
	}

	static class AsyncMethod {

		@Async
		@StreamSubscribe("s")
		public void handle(String payload) {
		}

	}

	@Async
	static class AsyncClass {

		@StreamSubscribe("s")
		public void handle(String payload) {
		}

	}

	@RequestScope
	static class OfRequest {

		@StreamSubscribe("s")
		public void handle(String payload) {
		}

	}

	@SessionScope
	static class OfSession {

		@StreamSubscribe("s")
		public void handle(String payload) {
		}

	}

	static class PayloadExpression {

		@StreamSubscribe("s")
		void handle(@Payload("customer") String customer) {
		}

	}

	static class AsyncFuture {

		@Async
		@StreamSubscribe("s")
		public CompletableFuture<Void> handle(String payload) {
			return CompletableFuture.completedFuture(null);
		}

	}

}
