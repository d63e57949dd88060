package dev.pubsub.redis.benchmarks;

import java.util.Locale;

/**
 * Who does the work.
 */
enum Side {

	/**
	 * This library.
	 */
	OURS,

	/**
	 * The bare driver, as fast as one can reasonably write it.
	 */
	LIMIT,

	/**
	 * Spring Data Redis, as one would write it instead.
	 */
	PEER;

	static Side of(String text) {
		return valueOf(text.toUpperCase(Locale.ROOT));
	}

	String text() {
		return name().toLowerCase(Locale.ROOT);
	}

}
