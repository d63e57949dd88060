package dev.pubsub.redis.codec;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells whether a class was loaded because a message named it: its static initialiser
 * runs then. It cannot run twice, so a test that fails may make others fail.
 */
final class ClassProbe {

	static final String NAME = ClassProbe.class.getName() + "$Named";

	private static final AtomicInteger LOADED = new AtomicInteger();

	private ClassProbe() {
	}

	static boolean loaded() {
		return LOADED.get() > 0;
	}

	static class Named {

		static {
			LOADED.incrementAndGet();
		}

	}

}
