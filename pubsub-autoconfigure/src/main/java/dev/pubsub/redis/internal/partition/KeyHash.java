package dev.pubsub.redis.internal.partition;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The hash that decides about the partition of a key: MurmurHash3 with 32 bits (x86) and
 * seed 0, of the key in UTF-8. It never changes, as other languages rely on it.
 */
final class KeyHash {

	private static final int C1 = 0xcc9e2d51;

	private static final int C2 = 0x1b873593;

	private KeyHash() {
	}

	/**
	 * Return the hash of a key.
	 * @param key the key
	 * @return from 0 to 2<sup>32</sup> - 1
	 */
	static long of(String key) {
		byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
		ByteBuffer blocks = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		int hash = 0;
		while (blocks.remaining() >= Integer.BYTES) {
			hash = Integer.rotateLeft(hash ^ mix(blocks.getInt()), 13) * 5 + 0xe6546b64;
		}
		int tail = 0;
		for (int i = bytes.length - 1; i >= blocks.position(); i--) {
			tail = tail << Byte.SIZE | Byte.toUnsignedInt(bytes[i]);
		}
		return Integer.toUnsignedLong(finish(hash ^ mix(tail) ^ bytes.length));
	}

	private static int mix(int block) {
		return Integer.rotateLeft(block * C1, 15) * C2;
	}

	private static int finish(int hash) {
		int mixed = (hash ^ hash >>> 16) * 0x85ebca6b;
		mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
		return mixed ^ mixed >>> 16;
	}

}
