package dev.pubsub.redis.listener;

/**
 * Puts something around a handler, such as a trace or a logging context. Asked once per
 * subscription.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface StreamHandlerDecorator {

	/**
	 * Decorate a handler.
	 * @param handler the handler
	 * @return a handler that calls it
	 */
	StreamHandler decorate(StreamHandler handler);

	/**
	 * Decorate a handler of batches. Leaves it as it is by default.
	 * @param handler the handler
	 * @return a handler that calls it
	 */
	default BatchStreamHandler decorateBatch(BatchStreamHandler handler) {
		return handler;
	}

}
