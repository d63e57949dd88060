package dev.pubsub.redis;

/**
 * Thrown at startup when one group of this application subscribes the same stream twice:
 * each message would reach only one of the two, by chance.
 *
 * @since 0.1.0
 */
public class DuplicateSubscriptionException extends PubSubException {

	private final String stream;

	private final String group;

	private final String first;

	private final String second;

	/**
	 * Create an exception that names both declarations.
	 * @param stream the stream that is subscribed twice
	 * @param group the group that subscribes it
	 * @param first where it was declared first
	 * @param second where it was declared again
	 */
	public DuplicateSubscriptionException(String stream, String group, String first, String second) {
		super("Stream \"%s\" is subscribed twice in group \"%s\": %s and %s".formatted(stream, group, first, second));
		this.stream = stream;
		this.group = group;
		this.first = first;
		this.second = second;
	}

	public String getStream() {
		return this.stream;
	}

	public String getGroup() {
		return this.group;
	}

	public String getFirst() {
		return this.first;
	}

	public String getSecond() {
		return this.second;
	}

}
