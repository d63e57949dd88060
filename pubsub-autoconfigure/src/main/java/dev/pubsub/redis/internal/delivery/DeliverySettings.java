package dev.pubsub.redis.internal.delivery;

import java.time.Duration;

import dev.pubsub.redis.internal.redis.StreamGroup;
import org.jspecify.annotations.Nullable;

/**
 * How the consumers of one subscription take messages, and settle them. Immutable.
 *
 * @param id name of the subscription
 * @param group the stream and the group
 * @param reading how entries are read
 * @param handling how handlers are called
 * @param leases how long messages belong to a consumer
 * @param deleteAfterAck whether to delete the entry of a message that is settled
 * @param deadLetters where messages go that are given up
 */
public record DeliverySettings(String id, StreamGroup group, Reading reading, Handling handling, Leases leases,
		boolean deleteAfterAck, DeadLettering deadLetters) {

	String stream() {
		return this.group.stream();
	}

	/**
	 * Return whether Redis counts a message as settled when it is delivered.
	 */
	boolean isAtMostOnce() {
		return this.reading.atMostOnce();
	}

	Duration lease() {
		return this.leases.lease();
	}

	/**
	 * Return the most messages that one call of a handler gets.
	 */
	int batchSize() {
		return this.handling.batches() ? this.reading.count() : 1;
	}

	@Override
	public String toString() {
		return this.id + " (stream " + this.group.stream() + ", group " + this.group.group() + ")";
	}

	/**
	 * How entries are read.
	 *
	 * @param consumer first part of the names of consumers
	 * @param latest whether a new group begins after the last entry, not before the first
	 * @param atMostOnce whether Redis settles messages when it delivers them
	 * @param count most entries of a read
	 * @param bytes most bytes of a read, but for its first entry
	 * @param block longest wait of a read
	 */
	public record Reading(String consumer, boolean latest, boolean atMostOnce, int count, long bytes, Duration block) {

	}

	/**
	 * How handlers are called.
	 *
	 * @param threads most calls at a time
	 * @param ordered whether messages with the same key are handled in order
	 * @param batches whether a call gets several messages
	 * @param maxAttempts how often a handler may start for one message
	 * @param timeout how long a call may take
	 * @param shutdownTimeout how long a stop waits for calls
	 */
	public record Handling(int threads, boolean ordered, boolean batches, int maxAttempts, Duration timeout,
			Duration shutdownTimeout) {

	}

	/**
	 * How long messages belong to a consumer.
	 *
	 * @param lease how long after its last renewal
	 * @param claimInterval time between two searches for messages without a lease
	 * @param reapIdleAfter how long a consumer without messages may be silent
	 */
	public record Leases(Duration lease, Duration claimInterval, Duration reapIdleAfter) {

	}

	/**
	 * Where messages go that are given up.
	 *
	 * @param stream the dead-letter stream, {@code null} for none
	 * @param maxLength how many dead letters to keep, about; 0 for all
	 * @param message whether they have the messages of the application's exceptions
	 * @param stackTrace whether they have stack traces
	 */
	public record DeadLettering(@Nullable String stream, long maxLength, boolean message, boolean stackTrace) {

	}

}
