package dev.pubsub.redis.benchmarks;

import java.util.List;

/**
 * Publishes orders to one stream. For one thread.
 */
interface Publication extends AutoCloseable {

	/**
	 * Publish an order and wait for the answer.
	 */
	void sync(Order order);

	/**
	 * Publish an order without waiting.
	 * @param window bounds what is under way
	 */
	void async(Order order, AsyncWindow window) throws Exception;

	/**
	 * Return a window for {@link #async}.
	 */
	default AsyncWindow window() {
		return new AsyncWindow(() -> {
		});
	}

	/**
	 * Publish orders together and wait for all answers.
	 */
	void session(List<Order> orders);

	@Override
	void close() throws Exception;

	/**
	 * Return what publishes.
	 * @param side who publishes
	 * @param settings tells the stream
	 * @return to be closed
	 */
	static Publication open(Side side, Settings settings) {
		return switch (side) {
			case OURS -> new ProducerPublication(settings);
			case LIMIT -> new BarePublication(settings);
			case PEER -> new SpringDataPublication(settings);
		};
	}

}
