package dev.pubsub.sample;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.annotation.Backoff;
import dev.pubsub.redis.annotation.StreamSubscribe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Handles orders. Returning normally acknowledges the order; an exception brings it back
 * a little later, three times at most, and then into the dead-letter stream.
 */
@Component
class OrderListener {

	private static final Logger logger = LoggerFactory.getLogger(OrderListener.class);

	@StreamSubscribe(stream = Order.STREAM, retryCount = 3, backoff = @Backoff(delay = 500, multiplier = 2))
	void placed(StreamMessage<Order> message) {
		Order order = message.payload();
		switch (order.item()) {
			case "flaky" -> failTwice(message.attempt());
			case "broken" -> throw new IllegalStateException("It is broken");
			default -> {
				// All other items are in stock.
			}
		}
		logger.info("Handled order {} at attempt {}: {} x {} for {}", message.id(), message.attempt(), order.quantity(),
				order.item(), order.customer());
	}

	private static void failTwice(int attempt) {
		if (attempt <= 2) {
			throw new IllegalStateException("It is not in stock yet");
		}
	}

}
