package dev.pubsub.sample;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.annotation.StreamSubscribe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * A cron job: however many instances of this application run, one of them ticks every
 * five seconds.
 */
@Component
class Heartbeat {

	static final String STREAM = "heartbeat";

	private static final Logger logger = LoggerFactory.getLogger(Heartbeat.class);

	@StreamSubscribe(stream = STREAM, cron = "*/5 * * * * *", retryCount = 0)
	void tick(StreamMessage<?> message) {
		logger.info("Tick of {}", message.publishTime());
	}

}
