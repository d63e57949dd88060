package dev.pubsub.redis.internal.redis;

import org.jspecify.annotations.Nullable;

/**
 * How to add an entry.
 *
 * @param id explicit id, or {@code null} for one that Redis gives
 * @param maxLength greatest length to trim to, or {@code null}
 * @param minId lowest id to keep, or {@code null}
 * @param approximate whether trimming may leave a few more
 * @param acknowledgedOnly whether to trim only what every group acknowledged (Redis 8.2)
 * @param createStream whether an absent stream is created
 * @param idempotence producer and message to recognise a repetition by (Redis 8.6), or
 * {@code null}
 */
public record AddOptions(@Nullable String id, @Nullable Long maxLength, @Nullable String minId, boolean approximate,
		boolean acknowledgedOnly, boolean createStream, @Nullable Idempotence idempotence) {

	/**
	 * Add with an id that Redis gives, create the stream, trim nothing.
	 */
	public static final AddOptions DEFAULTS = new AddOptions(null, null, null, true, false, true, null);

	/**
	 * Identifies a message so that Redis adds it once.
	 *
	 * @param producer id of the producer
	 * @param message id of the message
	 */
	public record Idempotence(String producer, String message) {

	}

}
