package dev.pubsub.redis.annotation;

import java.lang.reflect.Method;
import java.util.List;

import dev.pubsub.redis.StreamMessage;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

class StreamSubscribeReflectionTests {

	private final RuntimeHints hints = new RuntimeHints();

	@Test
	void nativeImageCanCallTheMethodAndBindItsPayload() {
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(this.hints, Listener.class);

		Method method = ReflectionUtils.findMethod(Listener.class, "handle", List.class);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(method)).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Order.class)).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Item.class)).accepts(this.hints);
		Method repeated = ReflectionUtils.findMethod(Listener.class, "repeated", Refund.class);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(repeated)).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Refund.class)).accepts(this.hints);
	}

	record Item(String name) {

	}

	record Order(Item item) {

	}

	record Refund(String id) {

	}

	static class Listener {

		@StreamSubscribe("orders")
		void handle(List<StreamMessage<Order>> orders) {
		}

		@StreamSubscribe("one")
		@StreamSubscribe("two")
		void repeated(Refund refund) {
		}

	}

}
