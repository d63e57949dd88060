package dev.pubsub.redis.producer;

import java.time.Duration;

import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.internal.redis.RedisLink;

/**
 * The producer's connections: sessions have one of their own, so that a large one does
 * not hold up single messages.
 *
 * @param single for single messages
 * @param sessions for sessions
 * @param durable for messages that replicas or disks have to confirm, which holds up
 * whatever is behind them
 * @param connections what the links are opened from
 */
record ProducerLinks(RedisLink single, RedisLink sessions, RedisLink durable,
		ConnectionSource.Lease connections) implements AutoCloseable {

	static ProducerLinks open(ConnectionSource.Lease connections, Duration timeout) {
		return new ProducerLinks(connections.connections().open("producer", timeout),
				connections.connections().open("session", timeout), connections.connections().open("durable", timeout),
				connections);
	}

	@Override
	public void close() {
		this.single.close();
		this.sessions.close();
		this.durable.close();
		this.connections.close();
	}

}
