package dev.pubsub.redis.internal.redis;

import java.nio.charset.StandardCharsets;

import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.CRC16;

/**
 * The checksum from which Redis Cluster takes the slot of a key (CRC-16/XMODEM).
 */
public final class Checksum {

	/**
	 * How many slots a cluster has.
	 */
	public static final int SLOTS = SlotHash.SLOT_COUNT;

	private Checksum() {
	}

	/**
	 * Return the checksum of a text in UTF-8.
	 * @param text the text, braces included
	 * @return from 0 to 65535
	 */
	public static int of(String text) {
		return CRC16.crc16(text.getBytes(StandardCharsets.UTF_8));
	}

}
