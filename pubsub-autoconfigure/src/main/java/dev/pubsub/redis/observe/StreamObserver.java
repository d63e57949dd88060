package dev.pubsub.redis.observe;

import java.util.List;

/**
 * Is told what happens to messages. Called on worker and engine threads, so it must not
 * block; what it throws is logged and ignored.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface StreamObserver {

	/**
	 * Tells nobody.
	 */
	StreamObserver NONE = (event) -> {
	};

	/**
	 * Something happened to a message.
	 * @param event what happened
	 */
	void onEvent(MessageEvent event);

	/**
	 * Return an observer that tells others.
	 * @param observers the others, told in this order
	 * @return the observer, {@link #NONE} if there are no others
	 */
	static StreamObserver composite(List<StreamObserver> observers) {
		return switch (observers.size()) {
			case 0 -> NONE;
			case 1 -> observers.get(0);
			default -> new CompositeStreamObserver(observers);
		};
	}

}
