package dev.pubsub.redis.autoconfigure;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.pubsub.redis.annotation.StreamSubscribe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.AnnotationAwareOrderComparator;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What people see when the application does not start.
 */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalyzersTests {

	@Test
	void invalidAttribute(CapturedOutput output) {
		fail(NegativeRetryCount.class);

		assertThat(output).contains("APPLICATION FAILED TO START",
				"Invalid @StreamSubscribe on FailureAnalyzersTests.NegativeRetryCount.pay: 'retryCount' must be 0 or "
						+ "more, was -2.",
				"Set 'retryCount' to 0 or more");
	}

	@Test
	void analysisOfTheSubscriptionWinsOverThatOfItsCauseOnAnyClassPath() {
		FailureAnalyzer ofCause = (failure) -> null;
		List<FailureAnalyzer> analyzers = new ArrayList<>(List.of(ofCause, new InvalidSubscriptionFailureAnalyzer()));

		AnnotationAwareOrderComparator.sort(analyzers);

		assertThat(analyzers).last().isSameAs(ofCause);
	}

	@Test
	void expressionThatNamesNoBean(CapturedOutput output) {
		fail(UnknownBean.class);

		assertThat(output).contains("APPLICATION FAILED TO START",
				"Invalid @StreamSubscribe on FailureAnalyzersTests.UnknownBean.handle: 'stream' cannot be resolved: "
						+ "\"#{@nobody.name}\" (No bean named 'nobody' available)",
				"Define what the placeholder or expression refers to");
	}

	@Test
	void duplicateSubscription(CapturedOutput output) {
		fail(Duplicate.class);

		assertThat(output).contains("APPLICATION FAILED TO START",
				"Stream \"orders\" is subscribed twice in group \"billing\": ", "FailureAnalyzersTests.Duplicate.first",
				"FailureAnalyzersTests.Duplicate.second", "set 'group'");
	}

	@Test
	void duplicateId(CapturedOutput output) {
		fail(DuplicateId.class);

		assertThat(output).contains("APPLICATION FAILED TO START", "'id' must be unique, \"mine\" is that of ",
				"FailureAnalyzersTests.DuplicateId.first (bean \"failureAnalyzersTests.DuplicateId\")",
				"FailureAnalyzersTests.DuplicateId.second (bean \"failureAnalyzersTests.DuplicateId\")");
	}

	@Test
	void twoBeansOfOneClass(CapturedOutput output) {
		fail(TwoBeans.class);

		assertThat(output).contains("APPLICATION FAILED TO START",
				"Stream \"orders\" is subscribed twice in group \"billing\": FailureAnalyzersTests.Plain.handle "
						+ "(bean \"one\") and FailureAnalyzersTests.Plain.handle (bean \"two\").");
	}

	@Test
	void blankGroupProperty(CapturedOutput output) {
		fail(Plain.class, "pubsub.redis.group", " ");

		assertThat(output).contains("APPLICATION FAILED TO START", "pubsub.redis.group",
				"A consumer group must have a name");
	}

	@Test
	void invalidNumberProperty(CapturedOutput output) {
		fail(Plain.class, "pubsub.redis.threads", "0");

		assertThat(output).contains("APPLICATION FAILED TO START", "pubsub.redis.threads",
				"'threads' must be one or more, was 0");
	}

	@Test
	void unknownProperty(CapturedOutput output) {
		fail(Plain.class, "pubsub.redis.retrycout", "3");

		assertThat(output).contains("APPLICATION FAILED TO START", "Property: pubsub.redis.retrycout",
				"Did you mean: pubsub.redis.retry-count", "Correct the names, or remove the properties.");
	}

	@Test
	void methodThatMakesABean(CapturedOutput output) {
		fail(FactoryMethod.class);

		assertThat(output).contains("APPLICATION FAILED TO START",
				"Invalid @StreamSubscribe on FailureAnalyzersTests.FactoryMethod.orders: it is a @Bean method, which "
						+ "makes a bean and handles no message.",
				"Move @StreamSubscribe to the method that handles the message");
	}

	@Test
	void redisDown(CapturedOutput output) {
		fail(Plain.class, "pubsub.redis.startup", "fail");

		assertThat(output).contains("APPLICATION FAILED TO START", "Not connected to Redis at localhost:",
				"set pubsub.redis.startup to wait");
	}

	@Test
	void unknownConnectionFactory(CapturedOutput output) {
		failWithoutUrl(TwoFactories.class, "queues");

		assertThat(output).contains("APPLICATION FAILED TO START",
				"The property pubsub.redis.connection-factory is \"queues\", and there is no RedisConnectionFactory bean of "
						+ "that name.",
				"Set the property to the name of a LettuceConnectionFactory bean. The RedisConnectionFactory beans are: "
						+ "[cache, queue].");
	}

	@Test
	void connectionFactoryOfAnotherDriver(CapturedOutput output) {
		failWithoutUrl(OtherDriver.class, "queue");

		assertThat(output).contains("APPLICATION FAILED TO START",
				"The property pubsub.redis.connection-factory is \"queue\", which is not a LettuceConnectionFactory.",
				"The RedisConnectionFactory beans are: [queue].");
	}

	@Test
	void urlAndConnectionFactory(CapturedOutput output) {
		fail(Plain.class, "pubsub.redis.connection-factory", "queue");

		assertThat(output).contains("APPLICATION FAILED TO START", "pubsub.redis.url, pubsub.redis.connection-factory",
				"mutually exclusive");
	}

	@Test
	void keyPrefixWithABrace(CapturedOutput output) {
		fail(Plain.class, "pubsub.redis.key-prefix", "{eu}:");

		assertThat(output).contains("APPLICATION FAILED TO START", "pubsub.redis.key-prefix",
				"'keyPrefix' must have no brace, space or control character, was \"{eu}:\"");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://user:geheim@localhost:6379", "redis://user:geh/geheim@localhost:6379",
			"redis://user:1/geheim@localhost:6379", "http://user:ge@geheim@localhost:6379", "user:geheim@localhost",
			"redis://user:geheim#1@localhost", "redis://user:geheim?@localhost", "redis://:geheim",
			"redis://user:geheim/0" })
	void invalidUrlWithoutItsPassword(String url, CapturedOutput output) {
		fail(Plain.class, "pubsub.redis.url", url);

		assertThat(output)
			.contains("APPLICATION FAILED TO START", "'pubsub.redis.url' is no Redis URI, was \"", "***",
					"Set pubsub.redis.url to an address such as redis://localhost:6379")
			.doesNotContain("geheim");
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost:6379", "http://localhost:6379/0", "redis://localhost:6379/zero" })
	void invalidUrlAsItIsWithoutCredentials(String url, CapturedOutput output) {
		fail(Plain.class, "pubsub.redis.url", url);

		assertThat(output).contains("APPLICATION FAILED TO START",
				"'pubsub.redis.url' is no Redis URI, was \"" + url + "\".");
	}

	private static void fail(Class<?> listener) {
		fail(listener, "pubsub.redis.group", "billing");
	}

	private static void fail(Class<?> listener, String property, String value) {
		SpringApplication application = new SpringApplication(Application.class, listener);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(Map.of("pubsub.redis.url", "redis://localhost:1"));
		assertThatException().isThrownBy(() -> {
			try (ConfigurableApplicationContext context = application.run("--" + property + "=" + value)) {
				assertThat(context.isActive()).isFalse();
			}
		});
	}

	private static void failWithoutUrl(Class<?> beans, String connectionFactory) {
		SpringApplication application = new SpringApplication(Application.class, beans);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatException()
			.isThrownBy(() -> application.run("--pubsub.redis.connection-factory=" + connectionFactory).close());
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ PubSubAutoConfiguration.class, PubSubListenerAutoConfiguration.class })
	static class Application {

	}

	static class Plain {

		@StreamSubscribe("orders")
		void handle(String payload) {
		}

	}

	static class FactoryMethod {

		@Bean
		@StreamSubscribe("orders")
		Consumer<String> orders() {
			return (order) -> {
			};
		}

	}

	static class NegativeRetryCount {

		@StreamSubscribe(stream = "payments", retryCount = -2)
		void pay(String payload) {
		}

	}

	static class UnknownBean {

		@StreamSubscribe("#{@nobody.name}")
		void handle(String payload) {
		}

	}

	static class Duplicate {

		@StreamSubscribe("orders")
		void first(String payload) {
		}

		@StreamSubscribe(stream = "orders", group = "billing", id = "other")
		void second(String payload) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoBeans {

		@Bean
		Plain one() {
			return new Plain();
		}

		@Bean
		Plain two() {
			return new Plain();
		}

	}

	static class DuplicateId {

		@StreamSubscribe(stream = "orders", id = "mine")
		void first(String payload) {
		}

		@StreamSubscribe(stream = "payments", id = "mine")
		void second(String payload) {
		}

	}

	static class TwoFactories {

		@Bean
		@Primary
		RedisConnectionFactory cache() {
			return new LettuceConnectionFactory("localhost", 1);
		}

		@Bean
		RedisConnectionFactory queue() {
			return new LettuceConnectionFactory("localhost", 2);
		}

	}

	static class OtherDriver {

		@Bean
		RedisConnectionFactory queue() {
			return (RedisConnectionFactory) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { RedisConnectionFactory.class }, (proxy, method, arguments) -> null);
		}

	}

}
