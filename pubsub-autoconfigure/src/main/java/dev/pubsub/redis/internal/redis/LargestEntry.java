package dev.pubsub.redis.internal.redis;

/**
 * How large an entry may be for this process: while the driver gathers the bytes of a
 * value it takes up to three times its size, and its handler takes some more.
 */
public final class LargestEntry {

	/**
	 * Greatest size in bytes: an eighth of the greatest heap.
	 */
	public static final long BYTES = Runtime.getRuntime().maxMemory() / 8;

	private LargestEntry() {
	}

}
