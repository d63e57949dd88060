package dev.pubsub.redis.internal.redis;

import io.lettuce.core.cluster.SlotHash;

/**
 * Names of the keys that belong to a stream. They carry the stream's name as hash tag, so
 * that all live in one slot of a cluster and one script may touch them.
 */
public final class RedisKeys {

	private RedisKeys() {
	}

	/**
	 * Return a key in the slot of the given stream. In a cluster that takes a stream
	 * whose name has no closing brace but that of its hash tag.
	 * @param stream key of the stream
	 * @param suffix what to append
	 * @return the key
	 */
	public static String beside(String stream, String suffix) {
		return hasHashTag(stream) ? stream + suffix : "{" + stream + "}" + suffix;
	}

	/**
	 * Return whether keys beside a stream are in its slot of a cluster, whatever the
	 * suffix.
	 */
	static boolean keepsSlot(String stream) {
		return hashed(stream).equals(hashed(beside(stream, "")));
	}

	/**
	 * Return whether two keys are in the same slot of a cluster.
	 */
	static boolean shareSlot(String one, String other) {
		return SlotHash.getSlot(one) == SlotHash.getSlot(other);
	}

	/**
	 * The part of a key that decides about its slot.
	 */
	private static String hashed(String key) {
		return hasHashTag(key) ? key.substring(key.indexOf('{') + 1, key.indexOf('}', key.indexOf('{'))) : key;
	}

	private static boolean hasHashTag(String key) {
		int open = key.indexOf('{');
		return open >= 0 && key.indexOf('}', open + 1) > open + 1;
	}

}
