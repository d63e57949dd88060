package dev.pubsub.sample.redis;

import org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Starts a Redis server of the application's own, unless one is configured. Spring Boot
 * takes the connection details from here, so the server answers before anybody connects
 * to it, and stops after everybody is gone.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(NoRedisConfigured.class)
class EmbeddedRedisConfiguration {

	@Bean
	EmbeddedRedis embeddedRedis() {
		return EmbeddedRedis.start();
	}

	@Bean
	DataRedisConnectionDetails embeddedRedisConnectionDetails(EmbeddedRedis redis) {
		return new DataRedisConnectionDetails() {

			@Override
			public String getPassword() {
				return redis.password();
			}

			@Override
			public Standalone getStandalone() {
				return Standalone.of(EmbeddedRedis.HOST, redis.port());
			}

		};
	}

}
