package dev.pubsub.redis.internal.delivery;

import java.util.UUID;

/**
 * Names of consumers. Each is used once, by one reader loop from its start to its stop:
 * two loops of the same name would share what is pending, and nobody could tell whose an
 * entry is.
 */
final class ConsumerName {

	private static final int UNIQUE_LENGTH = 8;

	private ConsumerName() {
	}

	static String unique(String prefix) {
		return prefix + "-" + UUID.randomUUID().toString().replace("-", "").substring(0, UNIQUE_LENGTH);
	}

}
