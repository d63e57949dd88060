package dev.pubsub.redis.internal.redis;

import dev.pubsub.redis.PubSubException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when there is no connection to Redis: the command was not sent.
 */
public final class NotConnectedException extends PubSubException {

	NotConnectedException(String link, @Nullable Throwable cause) {
		super("Not connected to Redis (" + link + " connection)", cause);
	}

}
