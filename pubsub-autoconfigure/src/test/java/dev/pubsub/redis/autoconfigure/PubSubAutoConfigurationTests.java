package dev.pubsub.redis.autoconfigure;

import java.lang.reflect.Type;
import java.util.concurrent.Executor;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.annotation.StreamSubscribeProcessor;
import dev.pubsub.redis.codec.JacksonPayloadCodec;
import dev.pubsub.redis.codec.PayloadCodec;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.SessionScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.scheduling.TaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class PubSubAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class, PubSubSessionAutoConfiguration.class,
				PubSubProducerAutoConfiguration.class, PubSubListenerAutoConfiguration.class,
				JacksonAutoConfiguration.class, TaskExecutionAutoConfiguration.class));

	private final ApplicationContextRunner withRedis = this.runner
		.withConfiguration(AutoConfigurations.of(DataRedisAutoConfiguration.class));

	@Test
	void providesEverythingToPublishAndListen() {
		this.withRedis.run((context) -> {
			assertThat(context).hasSingleBean(RedisStreamProducer.class)
				.hasSingleBean(ProducerSession.class)
				.hasSingleBean(StreamListenerContainerRegistry.class)
				.hasSingleBean(StreamSubscribeProcessor.class)
				.hasSingleBean(PayloadCodec.class)
				.hasSingleBean(SessionScope.class);
			assertThat(context.getBean(StreamListenerContainerRegistry.class).getPhase())
				.isEqualTo(SmartLifecycle.DEFAULT_PHASE);
		});
	}

	@Test
	void leavesTheApplicationsExecutorAlone() {
		this.withRedis.run((context) -> assertThat(context.getBeanNamesForType(Executor.class))
			.containsExactly("applicationTaskExecutor"));
	}

	@Test
	void backsOffWhenDisabled() {
		this.withRedis.withPropertyValues("pubsub.redis.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(StreamConnections.class)
				.doesNotHaveBean(RedisStreamProducer.class)
				.doesNotHaveBean(StreamAdmin.class)
				.doesNotHaveBean(CronScheduler.class)
				.doesNotHaveBean(StreamListenerContainerRegistry.class));
	}

	@Test
	void onlyPublishesWhenConsumerIsDisabled() {
		this.withRedis.withPropertyValues("pubsub.redis.consumer.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(RedisStreamProducer.class)
				.hasSingleBean(StreamAdmin.class)
				.doesNotHaveBean(CronScheduler.class)
				.doesNotHaveBean(StreamListenerContainerRegistry.class)
				.doesNotHaveBean(StreamSubscribeProcessor.class));
	}

	@Test
	void backsOffWithoutLettuce() {
		this.runner.withClassLoader(new FilteredClassLoader(LettuceConnectionFactory.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(StreamConnections.class));
	}

	@Test
	void backsOffFromBeansOfTheApplication() {
		this.withRedis.withUserConfiguration(OwnBeans.class)
			.run((context) -> assertThat(context).hasSingleBean(RedisStreamProducer.class)
				.hasSingleBean(PayloadCodec.class)
				.hasBean("myProducer")
				.hasBean("myCodec")
				.doesNotHaveBean(JacksonPayloadCodec.class));
	}

	@Test
	void refusesToChooseBetweenJsonMappers() {
		this.withRedis.withBean("snake", JsonMapper.class, PubSubAutoConfigurationTests::snakeCase)
			.withBean("plain", JsonMapper.class, JsonMapper::shared)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOf(NoUniqueBeanDefinitionException.class)
				.hasMessageContaining("JsonMapper")
				.hasMessageContaining("snake")
				.hasMessageContaining("plain"));
	}

	@Test
	void writesWithThePrimaryJsonMapper() {
		this.withRedis
			.withBean("snake", JsonMapper.class, PubSubAutoConfigurationTests::snakeCase,
					(definition) -> definition.setPrimary(true))
			.withBean("plain", JsonMapper.class, JsonMapper::shared)
			.run((context) -> assertThat(context.getBean(PayloadCodec.class).encode(new Order(7)).getText("payload"))
				.isEqualTo("{\"order_number\":7}"));
	}

	private static JsonMapper snakeCase() {
		return JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
	}

	@Test
	void applicationMayHaveSeveralProducers() {
		this.withRedis.withBean("one", RedisStreamProducer.class, () -> mock(RedisStreamProducer.class))
			.withBean("two", RedisStreamProducer.class, () -> mock(RedisStreamProducer.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ProducerSession.class));
	}

	@Test
	void applicationMayHaveAnotherCronScheduler() {
		this.withRedis.withBean("cronScheduler", TaskScheduler.class, () -> mock(TaskScheduler.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(CronScheduler.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "redis://localhost:1", "rediss://user:pass@[::1]:1/0", "redis-socket:///tmp/a:b.sock",
			"redis-sentinel://pass@localhost:1,localhost#main" })
	void urlNeedsNoConnectionFactory(String url) {
		this.runner.withPropertyValues("pubsub.redis.url=" + url)
			.run((context) -> assertThat(context).hasSingleBean(RedisStreamProducer.class));
	}

	@Test
	void unreadableUrlFailsWithoutShowingThePassword() {
		this.runner.withPropertyValues("pubsub.redis.url=http://user:geheim@localhost:1")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("pubsub.redis.url")
				.hasMessageNotContaining("geheim"));
	}

	@Test
	void missingConnectionFactoryFails() {
		this.runner.run((context) -> assertThat(context.getStartupFailure()).rootCause()
			.isInstanceOf(UnsuitableConnectionFactoryException.class)
			.hasMessageContaining("there is none"));
	}

	@Test
	void otherConnectionFactoryFails() {
		this.runner.withBean("jedis", RedisConnectionFactory.class, () -> mock(RedisConnectionFactory.class))
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(UnsuitableConnectionFactoryException.class)
				.hasMessageContaining("jedis")
				.hasMessageContaining("Lettuce"));
	}

	@Test
	void severalConnectionFactoriesFailUnlessOneIsPrimary() {
		this.runner.withUserConfiguration(TwoFactories.class)
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.isInstanceOf(UnsuitableConnectionFactoryException.class)
				.hasMessageContaining("[one, two]"));
		this.runner.withUserConfiguration(TwoFactories.class, PrimaryFactory.class)
			.run((context) -> assertThat(context).hasSingleBean(StreamConnections.class));
	}

	/**
	 * What is declared by the interface is known to be for Lettuce only once it exists,
	 * and a user of the producer may come first.
	 */
	@Test
	void connectionFactoriesAreFoundByTheInterface() {
		this.runner.withUserConfiguration(EarlyUser.class, FactoryByInterface.class)
			.run((context) -> assertThat(context).hasSingleBean(StreamConnections.class));
		this.runner.withUserConfiguration(EarlyUser.class, PrimaryByInterface.class, OtherFactory.class)
			.run((context) -> assertThat(context.getBean(StreamConnections.class))
				.extracting("nodes.configuration.port")
				.isEqualTo(1));
	}

	@Test
	void masterIsLookedForAmongStaticServers() {
		this.runner
			.withBean(LettuceConnectionFactory.class,
					() -> new LettuceConnectionFactory(new RedisStaticMasterReplicaConfiguration("localhost", 1)))
			.run((context) -> assertThat(context.getBean(StreamConnections.class)).extracting("nodes.configuration")
				.isInstanceOf(RedisStaticMasterReplicaConfiguration.class));
	}

	@Test
	void startupFailsWithoutRedisWhenItShall() {
		this.withRedis.withPropertyValues("pubsub.redis.startup=fail", "spring.data.redis.port=1")
			.run((context) -> assertThat(context.getStartupFailure()).isInstanceOf(RedisUnavailableException.class)
				.hasMessageContaining("refused"));
	}

	@Test
	void startupWaitsForRedisByDefault() {
		this.withRedis.withPropertyValues("spring.data.redis.port=1")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(StartupCheck.class));
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void startsWithVirtualThreads() {
		this.withRedis.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnBeans {

		@Bean
		RedisStreamProducer myProducer() {
			return mock(RedisStreamProducer.class);
		}

		@Bean
		PayloadCodec myCodec() {
			return new PayloadCodec() {

				@Override
				public EntryFields encode(Object payload) {
					throw new UnsupportedOperationException();
				}

				@Override
				public Object decode(EntryFields fields, Type type) {
					throw new UnsupportedOperationException();
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoFactories {

		@Bean
		LettuceConnectionFactory one() {
			return factory();
		}

		@Bean
		LettuceConnectionFactory two() {
			return factory();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryFactory {

		@Bean
		@Primary
		LettuceConnectionFactory three() {
			return factory();
		}

	}

	record EarlyUser(RedisStreamProducer producer) {
	}

	@Configuration(proxyBeanMethods = false)
	static class FactoryByInterface {

		@Bean
		RedisConnectionFactory one() {
			return factory();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrimaryByInterface {

		@Bean
		@Primary
		RedisConnectionFactory one() {
			return factory();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherFactory {

		@Bean
		LettuceConnectionFactory other() {
			return new LettuceConnectionFactory("localhost", 2);
		}

	}

	private static LettuceConnectionFactory factory() {
		return new LettuceConnectionFactory("localhost", 1);
	}

	record Order(int orderNumber) {

	}

}
