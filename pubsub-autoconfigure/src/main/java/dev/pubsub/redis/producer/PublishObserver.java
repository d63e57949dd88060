package dev.pubsub.redis.producer;

import java.util.List;

/**
 * Is told of each message that a producer sends, also those of sessions. Called on the
 * threads that publish and on those that read the replies of Redis, so it must not block;
 * what it throws is logged and ignored.
 *
 * @since 0.1.0
 */
public interface PublishObserver {

	/**
	 * Does nothing.
	 */
	PublishObserver NONE = new PublishObserver() {

		@Override
		public void onSend(String stream) {
		}

		@Override
		public void onResult(PublishResult result) {
		}

	};

	/**
	 * Return an observer that tells others.
	 * @param observers the others, told in this order; one that fails keeps those behind
	 * it from being told
	 * @return the observer
	 */
	static PublishObserver composite(List<PublishObserver> observers) {
		List<PublishObserver> all = List.copyOf(observers);
		if (all.size() < 2) {
			return all.isEmpty() ? NONE : all.get(0);
		}
		return new PublishObserver() {

			@Override
			public void onSend(String stream) {
				all.forEach((observer) -> observer.onSend(stream));
			}

			@Override
			public void onResult(PublishResult result) {
				all.forEach((observer) -> observer.onResult(result));
			}

		};
	}

	/**
	 * A message is about to be sent. One {@link #onResult} follows.
	 * @param stream its stream
	 */
	void onSend(String stream);

	/**
	 * It is known what became of a message, as far as it ever will be.
	 * @param result what became of it
	 */
	void onResult(PublishResult result);

}
