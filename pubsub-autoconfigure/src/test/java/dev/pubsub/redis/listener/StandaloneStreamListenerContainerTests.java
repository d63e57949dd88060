package dev.pubsub.redis.listener;

import org.junit.jupiter.api.Test;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

class StandaloneStreamListenerContainerTests {

	@Test
	void beanWithoutAutoStartupIsNotStarted() {
		Subscription subscription = Subscription.of("orders", "billing", (message, acknowledgment) -> {
		}).withOptions(ContainerOptions.defaults().withAutoStartup(false));

		try (GenericApplicationContext context = new GenericApplicationContext()) {
			context.registerBean(StreamListenerContainer.class,
					() -> StreamListenerContainer.create(new LettuceConnectionFactory(), subscription));
			context.refresh();

			assertThat(context.getBean(StreamListenerContainer.class).isRunning()).isFalse();
		}
	}

}
