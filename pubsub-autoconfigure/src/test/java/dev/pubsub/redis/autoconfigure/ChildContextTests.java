package dev.pubsub.redis.autoconfigure;

import java.time.ZoneOffset;
import java.util.function.BiConsumer;

import dev.pubsub.redis.DuplicateSubscriptionException;
import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.codec.PayloadCodec;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.listener.StreamErrorHandler;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.SessionScope;
import dev.pubsub.redis.producer.web.ServletSessionScope;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * A context whose parent is auto-configured too.
 */
class ChildContextTests {

	private static final AutoConfigurations AUTO_CONFIGURATIONS = AutoConfigurations.of(PubSubAutoConfiguration.class,
			PubSubSessionAutoConfiguration.class, PubSubProducerAutoConfiguration.class,
			PubSubListenerAutoConfiguration.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AUTO_CONFIGURATIONS)
		.withPropertyValues("pubsub.redis.url=redis://localhost:1");

	@Test
	void listenersAndJobsAreRegisteredWhereTheyAreDeclared() {
		run(this.runner.withUserConfiguration(ParentListener.class),
				this.runner.withUserConfiguration(ChildListener.class), (parent, child) -> {
					assertThat(child).hasNotFailed();
					assertThat(registry(parent).getContainers()).extracting(StreamListenerContainer::getId)
						.containsExactly("pubsub.parent");
					assertThat(registry(child).getContainers()).extracting(StreamListenerContainer::getId)
						.containsExactly("pubsub.child");
					assertThat(parent.getBean(CronScheduler.class).getJobs())
						.extracting((status) -> status.job().name())
						.containsExactly("parent-job");
					assertThat(child.getBean(CronScheduler.class).getJobs()).extracting((status) -> status.job().name())
						.containsExactlyInAnyOrder("child", "child-job");
				});
	}

	@Test
	void subscriptionOfAParentIsRefusedInItsChild() {
		run(this.runner.withUserConfiguration(ParentListener.class),
				this.runner.withUserConfiguration(ParentListener.class),
				(parent, child) -> assertThat(child).getFailure()
					.isInstanceOf(DuplicateSubscriptionException.class)
					.hasMessageContaining("container \"pubsub.parent\" of a parent context"));
	}

	@Test
	void beansThatTheApplicationDefinesInAParentAreUsed() {
		run(this.runner.withBean("mine", PayloadCodec.class, () -> mock(PayloadCodec.class))
			.withBean("scheduler", CronScheduler.class, () -> mock(CronScheduler.class)), this.runner,
				(parent, child) -> {
					assertThat(child.getBean(PayloadCodec.class)).isSameAs(parent.getBean("mine"));
					assertThat(child.getBean(CronScheduler.class)).isSameAs(parent.getBean("scheduler"));
					assertThat(child.getBean(RedisStreamProducer.class))
						.isNotSameAs(parent.getBean(RedisStreamProducer.class));
				});
	}

	@Test
	void errorHandlersOfAParentAreFound() {
		run(this.runner.withUserConfiguration(ParentErrorHandlers.class),
				this.runner.withUserConfiguration(ErrorHandledListener.class), (parent, child) -> {
					assertThat(child).hasNotFailed();
					assertThat(registry(child).getContainer("named").orElseThrow().getSubscription().errorHandler())
						.isSameAs(parent.getBean("special"));
					assertThat(registry(child).getContainer("unnamed").orElseThrow().getSubscription().errorHandler())
						.isSameAs(parent.getBean("common"));
				});
	}

	@Test
	void webApplicationHasSessionsOfRequestsBelowAParentWithoutWeb() {
		this.runner.run((parent) -> new WebApplicationContextRunner().withParent(parent)
			.withConfiguration(AUTO_CONFIGURATIONS)
			.run((child) -> assertThat(child.getBean(SessionScope.class)).isInstanceOf(ServletSessionScope.class)));
	}

	@Test
	void jobsAreScheduledOnASchedulerOfTheApplication() {
		CronScheduler scheduler = mock(CronScheduler.class);
		this.runner.withBean(CronScheduler.class, () -> scheduler)
			.withUserConfiguration(ChildListener.class)
			.run((context) -> verify(scheduler).schedule(context.getBean(CronJob.class), "bean childJob"));
	}

	@Test
	void containersOfParentAndChildAreVisibleInTheChild() {
		run(this.runner.withUserConfiguration(ParentListener.class),
				this.runner.withUserConfiguration(ChildListener.class), (parent, child) -> {
					StreamListenerContainerRegistry visible = VisibleContainers.of(registry(child),
							child.getAutowireCapableBeanFactory());
					assertThat(visible.getContainers()).extracting(StreamListenerContainer::getId)
						.containsExactly("pubsub.child", "pubsub.parent");
					assertThat(visible.getContainer("pubsub.parent")).isPresent();
					assertThat(VisibleContainers.of(registry(parent), parent.getAutowireCapableBeanFactory()))
						.isSameAs(registry(parent));
				});
	}

	private static void run(ApplicationContextRunner parentRunner, ApplicationContextRunner childRunner,
			BiConsumer<AssertableApplicationContext, AssertableApplicationContext> test) {
		parentRunner.run((parent) -> childRunner.withParent(parent).run((child) -> test.accept(parent, child)));
	}

	private static StreamListenerContainerRegistry registry(ApplicationContext context) {
		return context.getBean(StreamListenerContainerRegistry.class);
	}

	private static CronJob job(String name) {
		return CronJob.of("jobs", CronSchedule.parse("@hourly", ZoneOffset.UTC)).withName(name);
	}

	@Configuration(proxyBeanMethods = false)
	static class ParentListener {

		@Bean
		CronJob parentJob() {
			return job("parent-job");
		}

		@StreamSubscribe(stream = "parent", autoStartup = "false")
		void handle(String payload) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ChildListener {

		@Bean
		CronJob childJob() {
			return job("child-job");
		}

		@StreamSubscribe(stream = "child", autoStartup = "false", cron = "@daily")
		void handle() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ParentErrorHandlers {

		@Bean
		StreamErrorHandler special() {
			return (failure) -> {
			};
		}

		@Bean
		StreamErrorHandler common() {
			return (failure) -> {
			};
		}

	}

	static class ErrorHandledListener {

		@StreamSubscribe(stream = "one", id = "named", onError = "special", autoStartup = "false")
		void named(String payload) {
		}

		@StreamSubscribe(stream = "two", id = "unnamed", autoStartup = "false")
		void unnamed(String payload) {
		}

	}

}
