package dev.pubsub.redis.benchmarks;

import java.util.List;

import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.RedisStreamProducer;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Publishes with the producer of this library.
 */
final class ProducerPublication implements Publication {

	private final LettuceConnectionFactory factory;

	private final RedisStreamProducer producer;

	private final String stream;

	ProducerPublication(Settings settings) {
		this.factory = SpringData.factory(settings);
		this.producer = RedisStreamProducer.create(this.factory);
		this.stream = settings.text(Settings.STREAM);
	}

	@Override
	public void sync(Order order) {
		this.producer.publish(this.stream, order);
	}

	@Override
	public void async(Order order, AsyncWindow window) throws Exception {
		window.published(this.producer.publishAsync(this.stream, order));
	}

	@Override
	public void session(List<Order> orders) {
		ProducerSession session = this.producer.session();
		orders.forEach((order) -> session.add(this.stream, order));
		session.commit();
	}

	@Override
	public void close() {
		this.producer.close();
		this.factory.destroy();
	}

}
