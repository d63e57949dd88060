package dev.pubsub.redis.autoconfigure;

import java.util.function.Consumer;

import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Listeners that are known only when their beans are created.
 */
@ExtendWith(OutputCaptureExtension.class)
class LateListenerTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class, PubSubListenerAutoConfiguration.class))
		.withPropertyValues("pubsub.redis.url=redis://localhost:1");

	@Test
	void lazyBeanBehindAnInterfaceIsRegisteredWhenItIsCreated(CapturedOutput output) {
		this.runner.withUserConfiguration(LazyBeans.class).run((context) -> {
			assertThat(registry(context).getContainers()).isEmpty();

			context.getBean("lazy");
			context.getBean("lazy");

			assertThat(registry(context).getContainers()).hasSize(1);
			assertThat(output).containsOnlyOnce("Found listener LateListenerTests.Listener.accept (bean \"lazy\")");
		});
	}

	@Test
	void prototypeBehindAnInterfaceIsRefusedWhenItIsCreated() {
		this.runner.withUserConfiguration(LazyBeans.class)
			.run((context) -> assertThatExceptionOfType(BeanCreationException.class)
				.isThrownBy(() -> context.getBean("prototype"))
				.withRootCauseInstanceOf(InvalidSubscriptionException.class)
				.havingRootCause()
				.withMessageContaining("is not a singleton"));
	}

	@Test
	void methodOfAFactoryBeanItselfIsFound() {
		this.runner.withUserConfiguration(ListeningFactory.class)
			.run((context) -> assertThat(registry(context).getContainers()).hasSize(1));
	}

	@Test
	void handlersThatMayRunLongerThanTheApplicationWaitsAreWarnedOf(CapturedOutput output) {
		this.runner.withBean(Listener.class).withPropertyValues("pubsub.redis.shutdown-timeout=45s").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).containsOnlyOnce("pubsub.redis.shutdown-timeout is 45 s for [pubsub.orders]")
				.contains("set spring.lifecycle.timeout-per-shutdown-phase to 55s or more");
		});
	}

	@Test
	void handlersThatEndInTimeAreNotWarnedOf(CapturedOutput output) {
		this.runner.withBean(Listener.class)
			.withPropertyValues("pubsub.redis.shutdown-timeout=45s", "spring.lifecycle.timeout-per-shutdown-phase=1m")
			.run((context) -> assertThat(output).doesNotContain("shutdown-timeout is"));
		this.runner.withBean(Listener.class).run((context) -> assertThat(output).doesNotContain("shutdown-timeout is"));
	}

	private static StreamListenerContainerRegistry registry(ApplicationContext context) {
		return context.getBean(StreamListenerContainerRegistry.class);
	}

	@Configuration(proxyBeanMethods = false)
	static class LazyBeans {

		@Bean
		@Lazy
		Consumer<String> lazy() {
			return new Listener();
		}

		@Bean
		@Scope("prototype")
		Consumer<String> prototype() {
			return new Listener();
		}

	}

	static class Listener implements Consumer<String> {

		@Override
		@StreamSubscribe(stream = "orders", autoStartup = "false")
		public void accept(String payload) {
		}

	}

	static class ListeningFactory implements FactoryBean<String> {

		@Override
		public String getObject() {
			return "product";
		}

		@Override
		public Class<?> getObjectType() {
			return String.class;
		}

		@StreamSubscribe(stream = "orders", autoStartup = "false")
		void handle(String payload) {
		}

	}

}
