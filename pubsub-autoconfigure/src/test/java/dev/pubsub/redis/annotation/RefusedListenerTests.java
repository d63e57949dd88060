package dev.pubsub.redis.annotation;

import java.time.Month;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.StreamMessage;
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
				arguments(PayloadExpression.class, new String[] { "@Payload(\"customer\")" }),
				arguments(InterfacePayload.class, new String[] { "RefusedListenerTests$Named", "abstract types" }),
				arguments(InterfaceBatch.class, new String[] { "RefusedListenerTests$Named", "abstract types" }),
				arguments(ClassNamedPayload.class, new String[] { "class names are neither written nor read", "NAME" }),
				arguments(ClassNamedPart.class, new String[] { "class names are neither written nor read", "NAME" }),
				arguments(ClassPart.class, new String[] { "must not name a class" }),
				arguments(HiddenConstructor.class, new String[] { "RefusedListenerTests$Hidden", "no Creators" }));
	}

	@Test
	void typeThatAnEmptyObjectCannotBecomeIsAccepted() {
		assertThat(Scan.of(Texts.class, Numbers.class, Strict.class, Polymorphic.class).subscriptions()).hasSize(4);
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

	interface Named {

		String name();

	}

	static class Hidden {

		private final String name;

		private Hidden(String name, int other) {
			this.name = name + other;
		}

		public String name() {
			return this.name;
		}

	}

	static class InterfacePayload {

		@StreamSubscribe("s")
		void handle(Named named) {
		}

	}

	static class InterfaceBatch {

		@StreamSubscribe("s")
		void handle(List<StreamMessage<Named>> named) {
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	static class ByClass {

	}

	record Part(List<ByClass> parts) {

	}

	record OfClass(Class<?> type) {

	}

	static class ClassNamedPayload {

		@StreamSubscribe("s")
		void handle(ByClass payload) {
		}

	}

	static class ClassNamedPart {

		@StreamSubscribe("s")
		void handle(StreamMessage<Part> payload) {
		}

	}

	static class ClassPart {

		@StreamSubscribe("s")
		void handle(List<OfClass> payload) {
		}

	}

	static class HiddenConstructor {

		@StreamSubscribe("s")
		void handle(Hidden hidden) {
		}

	}

	static class Texts {

		@StreamSubscribe("texts")
		void handle(Month month) {
		}

	}

	static class Numbers {

		@StreamSubscribe("numbers")
		void handle(int number) {
		}

	}

	record Checked(String name) {

		Checked {
			if (name == null) {
				throw new IllegalArgumentException("No name");
			}
		}

	}

	static class Strict {

		@StreamSubscribe("strict")
		void handle(Checked checked) {
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes(@JsonSubTypes.Type(Circle.class))
	interface Shape {

	}

	record Circle(int radius) implements Shape {

	}

	static class Polymorphic {

		@StreamSubscribe("polymorphic")
		void handle(Shape shape) {
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
