package dev.pubsub.redis.producer;

/**
 * Has a say in every message before it is published, for instance to add headers. Beans
 * of this type are called in their order, on the thread that publishes, which is also the
 * thread that adds to a session.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PublishInterceptor {

	/**
	 * Return the options to publish a message with.
	 * @param stream key of the stream
	 * @param payload the payload
	 * @param options the options so far
	 * @return the same options or a changed copy
	 */
	PublishOptions beforePublish(String stream, Object payload, PublishOptions options);

}
