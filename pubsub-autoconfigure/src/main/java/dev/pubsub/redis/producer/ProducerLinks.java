package dev.pubsub.redis.producer;

import java.time.Duration;

import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamConnections;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer's connections: sessions have one of their own, so that a large one does
 * not hold up single messages.
 *
 * @param single for single messages
 * @param sessions for sessions
 * @param durable for messages that replicas or disks have to confirm, which holds up
 * whatever is behind them
 * @param owned what to close with the links
 */
record ProducerLinks(RedisLink single, RedisLink sessions, RedisLink durable,
		AutoCloseable owned) implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ProducerLinks.class);

	static ProducerLinks open(StreamConnections connections, Duration timeout, AutoCloseable owned) {
		return new ProducerLinks(connections.open("producer", timeout), connections.open("session", timeout),
				connections.open("durable", timeout), owned);
	}

	@Override
	public void close() {
		this.single.close();
		this.sessions.close();
		this.durable.close();
		try {
			this.owned.close();
		}
		catch (Exception ex) {
			logger.debug("Cannot close the producer's connections", ex);
		}
	}

}
