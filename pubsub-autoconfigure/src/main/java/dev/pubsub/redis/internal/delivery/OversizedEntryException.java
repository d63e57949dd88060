package dev.pubsub.redis.internal.delivery;

import dev.pubsub.redis.PubSubException;
import dev.pubsub.redis.internal.redis.LargestEntry;

/**
 * An attempt failed as the entry is too large for this process.
 */
final class OversizedEntryException extends PubSubException {

	OversizedEntryException(long bytes) {
		super("The entry has " + bytes + " bytes, of which this process takes " + LargestEntry.BYTES
				+ ", an eighth of its heap");
	}

}
