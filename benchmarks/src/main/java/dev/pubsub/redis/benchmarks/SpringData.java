package dev.pubsub.redis.benchmarks;

import io.lettuce.core.RedisURI;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;

/**
 * Makes the objects of Spring Data Redis that an application has.
 */
final class SpringData {

	private SpringData() {
	}

	static LettuceConnectionFactory factory(Settings settings) {
		RedisURI uri = RedisURI.create(settings.text(Settings.URL));
		LettuceConnectionFactory factory = new LettuceConnectionFactory(
				LettuceConnectionFactory.createRedisConfiguration(uri));
		factory.afterPropertiesSet();
		factory.start();
		return factory;
	}

	/**
	 * Return a template that leaves values as they are.
	 */
	static RedisTemplate<String, byte[]> template(LettuceConnectionFactory factory) {
		RedisTemplate<String, byte[]> template = new RedisTemplate<>();
		template.setConnectionFactory(factory);
		template.setKeySerializer(RedisSerializer.string());
		template.setHashKeySerializer(RedisSerializer.string());
		template.setHashValueSerializer(RedisSerializer.byteArray());
		template.afterPropertiesSet();
		return template;
	}

}
