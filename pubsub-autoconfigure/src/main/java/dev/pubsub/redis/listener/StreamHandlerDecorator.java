package dev.pubsub.redis.listener;

/**
 * Puts something around the handler of single messages, such as a trace or a logging
 * context. Asked once per subscription.
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

}
