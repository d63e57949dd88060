package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Cache and queue on different servers.
 */
@RedisTest
class NamedConnectionFactoryIntegrationTests {

	private final TestRedis redis;

	NamedConnectionFactoryIntegrationTests(TestRedis redis) {
		this.redis = redis;
	}

	@Test
	void publishesToTheServerOfTheNamedFactoryAndNotOfThePrimary() {
		String stream = this.redis.key("orders");

		PubSubRunner.on(this.redis)
			.withBean("cache", RedisConnectionFactory.class, () -> new LettuceConnectionFactory("localhost", 1),
					(definition) -> definition.setPrimary(true))
			.withBean("queue", RedisConnectionFactory.class, this.redis::connectionFactory)
			.withPropertyValues("pubsub.redis.connection-factory=queue")
			.run((context) -> {
				context.getBean(RedisStreamProducer.class).publish(stream, "x");

				assertThat(this.redis.xlen(stream)).isOne();
			});
	}

}
