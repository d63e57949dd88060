package dev.pubsub.redis.internal.partition;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.pubsub.redis.internal.redis.LayoutScript;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * Reads the fields of a layout, which anybody may have written.
 *
 * @param stream name of the partitioned stream
 * @param fields fields of the hash
 */
record LayoutFields(String stream, Map<String, String> fields) {

	/**
	 * Return a number that must be there.
	 */
	int number(String name, int least, int most) {
		Long number = parse(name);
		if (number == null || number < least || number > most) {
			throw damaged(name);
		}
		return number.intValue();
	}

	/**
	 * Return a number, 0 if there is none.
	 */
	int optional(String name, int most) {
		return StringUtils.hasLength(this.fields.get(name)) ? number(name, 0, most) : 0;
	}

	/**
	 * Return a time, 0 if there is none.
	 */
	long time(String name) {
		Long time = parse(name);
		return (time != null) ? time : 0;
	}

	/**
	 * Return names of partitions.
	 * @param prefix what their fields begin with
	 */
	List<String> names(String prefix, int count) {
		return IntStream.range(0, count).mapToObj((i) -> {
			String name = this.fields.get(prefix + i);
			if (!StringUtils.hasLength(name)) {
				throw damaged(prefix + i);
			}
			return name;
		}).toList();
	}

	private @Nullable Long parse(String name) {
		try {
			return Long.valueOf(this.fields.getOrDefault(name, ""));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private DamagedLayoutException damaged(String name) {
		return new DamagedLayoutException(LayoutScript.key(this.stream), name);
	}

}
