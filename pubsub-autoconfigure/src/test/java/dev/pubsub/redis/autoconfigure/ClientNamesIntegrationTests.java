package dev.pubsub.redis.autoconfigure;

import java.util.List;
import java.util.Map;

import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What operators see of an application in {@code CLIENT LIST}.
 */
@RedisTest
class ClientNamesIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private final String application;

	private final ApplicationContextRunner runner;

	ClientNamesIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.application = "shop-" + this.stream.replace(':', '-');
		this.runner = PubSubRunner.on(redis)
			.withUserConfiguration(Orders.class)
			.withPropertyValues("stream=" + this.stream, "spring.data.redis.client-name=" + this.application);
	}

	@Test
	void connectionsAreNamedByRoleAndStream() {
		this.runner.run((context) -> {
			context.getBean(RedisStreamProducer.class).publish(this.stream, Map.of("item", "apple"));

			await().untilAsserted(() -> assertThat(names()).contains(this.application + ":producer",
					this.application + ":control", this.application + ":reader:" + this.stream));
			assertThat(names()).as("One reader has one connection, and nothing is opened that is not used")
				.hasSizeLessThanOrEqualTo(4)
				.doesNotHaveDuplicates();
		});
	}

	@Test
	void serverThatRefusesNamesIsUsedWithout() {
		this.redis.execute("ACL", "SETUSER", this.application, "on", ">secret", "~*", "&*", "+@all", "-client");

		this.runner
			.withPropertyValues("spring.data.redis.username=" + this.application, "spring.data.redis.password=secret")
			.run((context) -> assertThat(
					context.getBean(RedisStreamProducer.class).publish(this.stream, Map.of("item", "apple")))
				.isNotNull());
	}

	private List<String> names() {
		return this.redis.execute("CLIENT", "LIST")
			.toString()
			.lines()
			.map((line) -> line.replaceFirst(".* name=(\\S*).*", "$1"))
			.filter((name) -> name.startsWith(this.application))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	static class Orders {

		@StreamSubscribe("${stream}")
		void placed(Map<String, String> order) {
		}

	}

}
