package dev.pubsub.redis.benchmarks;

import java.util.function.Consumer;

/**
 * Reads a stream in a consumer group and has a handler called for each message, at least
 * once, until it is closed.
 */
interface Consumption extends AutoCloseable {

	@Override
	void close() throws Exception;

	/**
	 * Start to consume.
	 * @param side who does it
	 * @param group the consumer group; it gets the whole stream if it is new
	 * @param settings tells the stream and the threads
	 * @param handler handles the messages
	 * @return to be closed
	 */
	static Consumption start(Side side, String group, Settings settings, Consumer<Order> handler) {
		return switch (side) {
			case OURS -> new ListenerConsumption(group, settings, handler);
			case LIMIT -> new BareConsumption(group, settings, handler);
			case PEER -> new SpringDataConsumption(group, settings, handler);
		};
	}

}
