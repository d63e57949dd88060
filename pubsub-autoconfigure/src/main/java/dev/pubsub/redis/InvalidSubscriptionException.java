package dev.pubsub.redis;

import org.jspecify.annotations.Nullable;

/**
 * Thrown at startup when a subscription cannot work as it was declared: a wrong attribute
 * or a method with an unusable signature.
 *
 * @since 0.1.0
 */
public class InvalidSubscriptionException extends PubSubException {

	private final String location;

	private final String reason;

	private final String action;

	/**
	 * Create an exception that names the place, the finding and the cure.
	 * @param location where it was declared, such as {@code OrderListener.onPlaced}
	 * @param reason which attribute is wrong and what was found
	 * @param action what to do about it
	 * @param cause the underlying failure, if any
	 */
	public InvalidSubscriptionException(String location, String reason, String action, @Nullable Throwable cause) {
		super("Invalid subscription on " + location + ": " + reason, cause);
		this.location = location;
		this.reason = reason;
		this.action = action;
	}

	public InvalidSubscriptionException(String location, String reason, String action) {
		this(location, reason, action, null);
	}

	public String getLocation() {
		return this.location;
	}

	public String getReason() {
		return this.reason;
	}

	public String getAction() {
		return this.action;
	}

}
