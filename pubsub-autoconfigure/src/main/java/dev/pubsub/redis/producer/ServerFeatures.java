package dev.pubsub.redis.producer;

import dev.pubsub.redis.internal.redis.ServerVersion;

/**
 * What the server can do by itself.
 *
 * @param idempotence whether XADD recognises a repeated message
 * @param acknowledgedTrimming whether trimming can spare what is not acknowledged
 * @param confirmsDisks whether it tells that disks have what was written
 */
record ServerFeatures(boolean idempotence, boolean acknowledgedTrimming, boolean confirmsDisks) {

	static final ServerFeatures NONE = new ServerFeatures(false, false, false);

	static ServerFeatures of(ServerVersion version) {
		return new ServerFeatures(version.isAtLeast(8, 6), version.isAtLeast(8, 2), version.isAtLeast(7, 2));
	}

}
