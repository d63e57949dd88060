package dev.pubsub.redis.internal.partition;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Which partitions a stream has, and had. Each change of their number makes a generation
 * of new partitions; those before are sealed. Immutable.
 *
 * @param generation number of the present generation, from 1
 * @param partitions names of the partitions
 * @param earlier names of the partitions of each generation before, the first one first
 * @param removed how many of those generations are gone, as all is handled that they had
 * @param raising the number of partitions that comes next, 0 if none does
 * @param since when this generation began, in milliseconds of the epoch by the server's
 * clock; 0 of the first one
 */
public record PartitionLayout(int generation, List<String> partitions, List<List<String>> earlier, int removed,
		int raising, long since) {

	/**
	 * The most partitions of a stream: each has a reader in each instance.
	 */
	public static final int MOST_PARTITIONS = 256;

	private static final Pattern PARTITION = Pattern.compile("(.+):\\d+:\\d+:\\{\\d+}");

	private static final String COUNT = "count";

	private static final String GENERATION = "generation";

	private static final String REMOVED = "removed";

	private static final String RAISING = "raising";

	private static final String SINCE = "since";

	/**
	 * Return the first layout of a stream.
	 * @param stream name of the partitioned stream
	 * @param count number of partitions
	 * @return the layout
	 */
	static PartitionLayout first(String stream, int count) {
		return new PartitionLayout(1, SpreadNames.of(stream, 1, count), List.of(), 0, 0, 0);
	}

	/**
	 * Return the layout that follows this one.
	 * @param stream name of the partitioned stream
	 * @param count its number of partitions
	 */
	PartitionLayout next(String stream, int count) {
		List<List<String>> before = new ArrayList<>(this.earlier);
		before.add(this.partitions);
		int next = this.generation + 1;
		return new PartitionLayout(next, SpreadNames.of(stream, next, count), List.copyOf(before), this.removed, 0, 0);
	}

	/**
	 * Return the layout that Redis has.
	 * @param stream name of the partitioned stream
	 * @param fields fields of the hash
	 * @throws DamagedLayoutException if that is no layout
	 */
	static PartitionLayout of(String stream, Map<String, String> fields) {
		LayoutFields layout = new LayoutFields(stream, fields);
		int count = layout.number(COUNT, 1, MOST_PARTITIONS);
		int generation = layout.number(GENERATION, 1, Integer.MAX_VALUE);
		List<List<String>> earlier = new ArrayList<>();
		for (int before = 1; before < generation; before++) {
			String prefix = before + ":";
			earlier.add(layout.names(prefix, layout.number(prefix + COUNT, 1, MOST_PARTITIONS)));
		}
		int raising = layout.optional(RAISING, MOST_PARTITIONS);
		return new PartitionLayout(generation, layout.names("", count), List.copyOf(earlier),
				layout.optional(REMOVED, generation - 1), (raising > count && raising % count == 0) ? raising : 0,
				layout.time(SINCE));
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
		put(fields, "", this.partitions);
		if (this.generation > 1) {
			fields.put(REMOVED, Integer.toString(this.removed));
		}
		for (int i = 0; i < this.earlier.size(); i++) {
			put(fields, (i + 1) + ":", this.earlier.get(i));
		}
		return fields;
	}

	private static void put(Map<String, String> fields, String prefix, List<String> names) {
		fields.put(prefix + COUNT, Integer.toString(names.size()));
		for (int i = 0; i < names.size(); i++) {
			fields.put(prefix + i, names.get(i));
		}
	}

	/**
	 * Return the partitions that may have messages: of the generations before, as long as
	 * they are there, then of this one.
	 * @return their names
	 */
	public List<String> all() {
		return Stream.concat(sealed().stream(), this.partitions.stream()).toList();
	}

	/**
	 * Return the partitions that a group is to read.
	 * @param drained sealed partitions of which it has handled all
	 * @param ordered whether a partition has to wait for those that had its keys before
	 * @return their names
	 */
	public List<String> readable(Set<String> drained, boolean ordered) {
		List<String> readable = new ArrayList<>();
		for (int number = this.removed; number <= this.earlier.size(); number++) {
			List<String> ofGeneration = (number < this.earlier.size()) ? this.earlier.get(number) : this.partitions;
			for (int i = 0; i < ofGeneration.size(); i++) {
				String partition = ofGeneration.get(i);
				if (!drained.contains(partition) && (!ordered || drained.containsAll(before(number, i)))) {
					readable.add(partition);
				}
			}
		}
		return readable;
	}

	private List<String> before(int number, int index) {
		return this.earlier.subList(this.removed, number)
			.stream()
			.map((partitions) -> partitions.get(index % partitions.size()))
			.toList();
	}

	/**
	 * Return the partitions of the generations before, as long as they are there.
	 * @return their names
	 */
	public List<String> sealed() {
		return this.earlier.stream().skip(this.removed).flatMap(List::stream).toList();
	}

	/**
	 * Return the partitions of the oldest generation that is there, unless that is the
	 * present one.
	 * @return their names, empty if there is only the present generation
	 */
	public List<String> oldest() {
		return (this.removed < this.earlier.size()) ? this.earlier.get(this.removed) : List.of();
	}

	/**
	 * Return where to look for a message that was published under a key, in the order of
	 * the generations.
	 * @param key the key
	 * @return names of sealed partitions, as long as they are there
	 */
	public List<String> sealed(String key) {
		return this.earlier.stream().skip(this.removed).map((partitions) -> partition(partitions, key)).toList();
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
		return partition(this.partitions, key);
	}

	private static String partition(List<String> partitions, String key) {
		return partitions.get((int) (KeyHash.of(key) % partitions.size()));
	}

	/**
	 * Return whether a number of partitions can follow: keys of one partition must not
	 * come from several.
	 * @param wanted the number
	 * @return whether it is a greater multiple
	 */
	public boolean canBeRaisedTo(int wanted) {
		return wanted > count() && wanted % count() == 0 && wanted <= MOST_PARTITIONS;
	}

}
