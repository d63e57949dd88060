package dev.pubsub.redis.internal.partition;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import dev.pubsub.redis.internal.redis.LayoutScript;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;

/**
 * Which partitions a stream has. Immutable.
 *
 * @param generation distinguishes layouts of one stream
 * @param partitions names of the partitions
 */
public record PartitionLayout(int generation, List<String> partitions) {

	/**
	 * The most partitions of a stream: each has a reader in each instance.
	 */
	public static final int MOST_PARTITIONS = 256;

	private static final Pattern PARTITION = Pattern.compile("(.+):\\d+:\\d+:\\{\\d+}");

	private static final String COUNT = "count";

	private static final String GENERATION = "generation";

	/**
	 * Return the first layout of a stream.
	 * @param stream name of the partitioned stream
	 * @param count number of partitions
	 * @return the layout
	 */
	static PartitionLayout first(String stream, int count) {
		return new PartitionLayout(1, SpreadNames.of(stream, 1, count));
	}

	/**
	 * Return the layout that Redis has.
	 * @param stream name of the partitioned stream
	 * @param fields fields of the hash
	 * @throws DamagedLayoutException if that is no layout
	 */
	static PartitionLayout of(String stream, Map<String, String> fields) {
		int count = number(stream, fields, COUNT);
		int generation = number(stream, fields, GENERATION);
		List<String> partitions = IntStream.range(0, count).mapToObj((i) -> {
			String name = fields.get(Integer.toString(i));
			if (!StringUtils.hasLength(name)) {
				throw new DamagedLayoutException(LayoutScript.key(stream), Integer.toString(i));
			}
			return name;
		}).toList();
		return new PartitionLayout(generation, partitions);
	}

	private static int number(String stream, Map<String, String> fields, String name) {
		try {
			int number = Integer.parseInt(fields.getOrDefault(name, ""));
			if (number > 0 && (number <= MOST_PARTITIONS || name.equals(GENERATION))) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// The same as a number that is not possible.
		}
		throw new DamagedLayoutException(LayoutScript.key(stream), name);
	}

	/**
	 * Check what somebody configured.
	 * @param count number of partitions
	 */
	public static void requireCount(int count) {
		Assert.isTrue(count >= 1 && count <= MOST_PARTITIONS,
				() -> "'partitions' must be from 1 to " + MOST_PARTITIONS + ", was " + count);
	}

	/**
	 * Return why a stream cannot have partitions.
	 * @param stream name of the stream
	 * @return the reason, {@code null} if it can
	 */
	public static @Nullable String refusal(String stream) {
		return (stream.indexOf('{') >= 0 || stream.indexOf('}') >= 0)
				? "stream \"" + stream
						+ "\" has braces in its name and cannot have partitions, which need hash tags of their own"
				: null;
	}

	/**
	 * Return the stream that a partition belongs to.
	 * @param name name of a partition, or of any stream
	 * @return name of the partitioned stream; the name itself if that is no partition's
	 */
	public static String streamOf(String name) {
		Matcher matcher = PARTITION.matcher(name);
		return matcher.matches() ? matcher.group(1) : name;
	}

	/**
	 * Return the fields of the hash that holds this layout.
	 */
	Map<String, String> fields() {
		Map<String, String> fields = new LinkedHashMap<>();
		fields.put(COUNT, Integer.toString(count()));
		fields.put(GENERATION, Integer.toString(this.generation));
		for (int i = 0; i < count(); i++) {
			fields.put(Integer.toString(i), this.partitions.get(i));
		}
		return fields;
	}

	/**
	 * Return the number of partitions.
	 * @return one or more
	 */
	public int count() {
		return this.partitions.size();
	}

	/**
	 * Return the partition of a key: the same for all messages with that key, in every
	 * language.
	 * @param key the key
	 * @return name of the partition
	 */
	public String partition(String key) {
		return this.partitions.get((int) (KeyHash.of(key) % count()));
	}

}
