package dev.pubsub.redis.annotation;

/**
 * Names of the headers that a handler can ask for beside those the producer gave. All
 * values are text;
 * {@link org.springframework.messaging.handler.annotation.Header @Header} converts them
 * to the type of the parameter.
 *
 * @since 0.1.0
 */
public final class PubSubHeaders {

	/**
	 * Id of the entry, such as {@code 1700000000000-0}.
	 */
	public static final String ID = "pubsub_id";

	/**
	 * Stream that the message was read from.
	 */
	public static final String STREAM = "pubsub_stream";

	/**
	 * Consumer group that it was delivered to.
	 */
	public static final String GROUP = "pubsub_group";

	/**
	 * Name of the consumer in that group.
	 */
	public static final String CONSUMER = "pubsub_consumer";

	/**
	 * Number of the attempt, 1 for the first.
	 */
	public static final String ATTEMPT = "pubsub_attempt";

	/**
	 * Who published the message: {@code producer}, {@code cron} or what the entry says.
	 */
	public static final String SOURCE = "pubsub_source";

	/**
	 * When the message was published, as ISO-8601 text.
	 */
	public static final String PUBLISH_TIME = "pubsub_publishTime";

	private PubSubHeaders() {
	}

}
