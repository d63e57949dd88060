package dev.pubsub.redis.observe;

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

}
