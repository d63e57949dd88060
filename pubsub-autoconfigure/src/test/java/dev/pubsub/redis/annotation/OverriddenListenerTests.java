package dev.pubsub.redis.annotation;

import dev.pubsub.redis.listener.Subscription;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whose annotation counts when a listener method overrides another.
 */
class OverriddenListenerTests {

	@Test
	void annotationsOfTheOverrideReplaceThoseOfTheOverridden() {
		assertThat(Scan.of(Overriding.class).only().redelivery().retryCount()).isZero();
		assertThat(Scan.of(OverridingGeneric.class).only().group()).isEqualTo("other");
		assertThat(Scan.of(Implementing.class).only().stream()).isEqualTo("mine");
		assertThat(Scan.of(Repeating.class).subscriptions()).extracting(Subscription::stream)
			.containsExactlyInAnyOrder("one", "two");
		assertThat(Scan.of(Composed.class).only().stream()).isEqualTo("alerts");
	}

	@Test
	void overrideWithoutAnnotationKeepsTheNearest() {
		assertThat(Scan.of(Silent.class).only().redelivery().retryCount()).isEqualTo(10);
		assertThat(Scan.of(SilentChildOfOverriding.class).only().redelivery().retryCount()).isZero();
		assertThat(Scan.of(SilentlyImplementing.class).only().stream()).isEqualTo("contract");
		assertThat(Scan.of(SilentOverRepeating.class).subscriptions()).hasSize(2);
	}

	static class Parent {

		@StreamSubscribe("orders")
		public void handle(String payload) {
		}

	}

	static class Overriding extends Parent {

		@Override
		@StreamSubscribe(stream = "orders", retryCount = 0)
		public void handle(String payload) {
		}

	}

	abstract static class Generic<T> {

		@StreamSubscribe("orders")
		public void handle(T payload) {
		}

	}

	static class OverridingGeneric extends Generic<String> {

		@Override
		@StreamSubscribe(stream = "orders", group = "other")
		public void handle(String payload) {
		}

	}

	interface Contract {

		@StreamSubscribe("contract")
		void handle(String payload);

	}

	static class Implementing implements Contract {

		@Override
		@StreamSubscribe("mine")
		public void handle(String payload) {
		}

	}

	static class Repeating extends Parent {

		@Override
		@StreamSubscribe("one")
		@StreamSubscribe("two")
		public void handle(String payload) {
		}

	}

	static class Composed extends Parent {

		@Override
		@StreamSubscribeProcessorTests.AlertListener
		public void handle(String payload) {
		}

	}

	static class Silent extends Parent {

		@Override
		public void handle(String payload) {
		}

	}

	static class SilentChildOfOverriding extends Overriding {

		@Override
		public void handle(String payload) {
		}

	}

	static class SilentlyImplementing implements Contract {

		@Override
		public void handle(String payload) {
		}

	}

	static class SilentOverRepeating extends Repeating {

		@Override
		public void handle(String payload) {
		}

	}

}
