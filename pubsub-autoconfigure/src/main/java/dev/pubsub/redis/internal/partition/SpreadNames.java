package dev.pubsub.redis.internal.partition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.pubsub.redis.internal.redis.Checksum;

/**
 * Names of partitions whose slots in a cluster are evenly spaced, so that masters with
 * equal shares of the slots get equal shares of the partitions, whatever the number of
 * masters. Partition {@code i} of {@code n} has the slot
 * <code>(CRC16(stream) + 16384 * i / n) % 16384</code>, and its hash tag is the smallest
 * number with that slot. The first slot depends on the stream, so that the first
 * partitions of many streams do not meet in one slot.
 */
final class SpreadNames {

	private SpreadNames() {
	}

	/**
	 * Return the names of all partitions.
	 * @param stream name of the partitioned stream, without braces
	 * @param generation distinguishes layouts of one stream
	 * @param count number of partitions
	 */
	static List<String> of(String stream, int generation, int count) {
		int[] slots = slots(stream, count);
		Map<Integer, Integer> tags = tags(slots);
		List<String> names = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			names.add(stream + ":" + generation + ":" + i + ":{" + Objects.requireNonNull(tags.get(slots[i])) + "}");
		}
		return names;
	}

	private static int[] slots(String stream, int count) {
		int[] slots = new int[count];
		int first = Checksum.of(stream);
		Arrays.setAll(slots, (i) -> (first + Checksum.SLOTS * i / count) % Checksum.SLOTS);
		return slots;
	}

	private static Map<Integer, Integer> tags(int[] slots) {
		Map<Integer, Integer> tags = new HashMap<>();
		for (int tag = 0; tags.size() < slots.length; tag++) {
			int slot = Checksum.of(Integer.toString(tag)) % Checksum.SLOTS;
			if (Arrays.stream(slots).anyMatch((wanted) -> wanted == slot)) {
				tags.putIfAbsent(slot, tag);
			}
		}
		return tags;
	}

}
