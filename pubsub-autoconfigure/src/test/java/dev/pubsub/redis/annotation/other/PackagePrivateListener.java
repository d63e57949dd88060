package dev.pubsub.redis.annotation.other;

import dev.pubsub.redis.annotation.StreamSubscribe;

/**
 * A base class whose listener no class of another package overrides, a proxy's neither.
 */
public abstract class PackagePrivateListener {

	@StreamSubscribe("s")
	void handle(String payload) {
	}

}
