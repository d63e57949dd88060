package dev.pubsub.redis.producer;

import dev.pubsub.redis.PubSubException;

/**
 * A partition has not taken a message: it is sealed, since its stream has another number
 * of partitions now, or it is absent.
 */
final class MovedPartitionException extends PubSubException {

	private final boolean sealed;

	private MovedPartitionException(String message, boolean sealed) {
		super(message);
		this.sealed = sealed;
	}

	static MovedPartitionException sealed(String partition) {
		return new MovedPartitionException("Partition \"" + partition
				+ "\" takes no more messages, and the layout of its stream does not tell which one does", true);
	}

	static MovedPartitionException absent(String partition) {
		return new MovedPartitionException(
				"Partition \"" + partition + "\" does not exist, and the layout of its stream is not known", false);
	}

	/**
	 * Return whether another partition takes the message, certainly.
	 */
	boolean isSealed() {
		return this.sealed;
	}

}
