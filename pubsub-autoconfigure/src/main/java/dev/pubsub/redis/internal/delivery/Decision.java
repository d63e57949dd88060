package dev.pubsub.redis.internal.delivery;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A handler's own decision about its message.
 *
 * @param kind what to do
 * @param delay time until the next attempt, where the handler gave one
 * @param reason why the message is rejected
 */
public record Decision(Kind kind, @Nullable Duration delay, @Nullable String reason) {

	public static final Decision ACKNOWLEDGE = new Decision(Kind.ACKNOWLEDGE, null, null);

	public static Decision retry(@Nullable Duration delay) {
		return new Decision(Kind.RETRY, delay, null);
	}

	public static Decision reject(String reason) {
		return new Decision(Kind.REJECT, null, reason);
	}

	/**
	 * What to do with a message.
	 */
	public enum Kind {

		ACKNOWLEDGE, RETRY, REJECT

	}

}
