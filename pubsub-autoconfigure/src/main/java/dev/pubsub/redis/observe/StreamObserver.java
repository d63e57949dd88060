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
	StreamObserver NONE = new StreamObserver() {

		@Override
		public void onEvent(MessageEvent event) {
			// Nobody is told.
		}

		@Override
		public boolean observes(Outcome outcome) {
			return false;
		}

	};

	/**
	 * Something happened to a message.
	 * @param event what happened
	 */
	void onEvent(MessageEvent event);

	/**
	 * Return whether this observer wants to be told of an outcome. Asked often, so the
	 * answer is quick; not to be asked for what happens to every message saves work.
	 * @param outcome what may happen to a message
	 * @return whether to be told
	 */
	default boolean observes(Outcome outcome) {
		return true;
	}

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
