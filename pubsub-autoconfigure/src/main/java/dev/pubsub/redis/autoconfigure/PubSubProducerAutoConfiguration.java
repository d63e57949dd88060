package dev.pubsub.redis.autoconfigure;

import dev.pubsub.redis.codec.PayloadCodec;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.PublishInterceptor;
import dev.pubsub.redis.producer.PublishObserver;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.SessionScope;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * {@link org.springframework.boot.autoconfigure.EnableAutoConfiguration
 * Auto-configuration} of the {@link RedisStreamProducer}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { PubSubAutoConfiguration.class, PubSubSessionAutoConfiguration.class })
@ConditionalOnBean(StreamConnections.class)
public final class PubSubProducerAutoConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(PubSubProducerAutoConfiguration.class);

	@Bean
	@PerContext
	RedisStreamProducer redisStreamProducer(StreamConnections connections, PayloadCodec codec,
			PubSubProperties properties, PubSubPropertiesMapper mapper, ObjectProvider<PublishInterceptor> interceptors,
			ObjectProvider<PublishObserver> observer, ObjectProvider<SessionScope> sessionScope) {
		warnOfTrimming(properties.producer());
		return RedisStreamProducer.builder(connections)
			.codec(codec)
			.options(mapper.producerOptions())
			.interceptors(interceptors.orderedStream().toList())
			.observer(PublishObserver.composite(observer.orderedStream().toList()))
			.sessionScope(sessionScope.getIfAvailable(SessionScope::none))
			.build();
	}

	@Bean
	@PerContext
	@ConditionalOnBean(SessionScope.class)
	@ConditionalOnSingleCandidate(RedisStreamProducer.class)
	ProducerSession producerSession(RedisStreamProducer producer, SessionScope sessionScope) {
		return ProducerSession.current(producer, sessionScope);
	}

	private static void warnOfTrimming(PubSubProperties.Producer producer) {
		if (producer.maxLength() != null && !producer.acknowledgedOnly()) {
			logger.warn(
					"pubsub.redis.producer.max-length is {}: publishing to a longer stream deletes its oldest"
							+ " messages, even if nobody has read them. With Redis 8.2 or later,"
							+ " pubsub.redis.producer.acknowledged-only=true spares what a group has not acknowledged.",
					producer.maxLength());
		}
	}

}
