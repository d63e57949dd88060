package dev.pubsub.redis.producer;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;

import org.springframework.util.Assert;

/**
 * The headers of one message: few and small, since each reader of the entry pays for
 * them. Immutable.
 *
 * @param values values by name
 */
record Headers(Map<String, String> values) {

	static final Headers NONE = new Headers(Map.of());

	private static final int MAX_COUNT = 64;

	private static final int MAX_NAME_LENGTH = 128;

	private static final int MAX_TOTAL_LENGTH = 32 * 1024;

	Headers with(String name, String value) {
		checkName(name);
		Assert.notNull(value, () -> "Header \"" + name + "\" must not be null");
		Map<String, String> changed = new LinkedHashMap<>(this.values);
		changed.put(name, value);
		Assert.isTrue(changed.size() <= MAX_COUNT, () -> "A message must not have more than " + MAX_COUNT + " headers");
		int total = 0;
		for (Map.Entry<String, String> header : changed.entrySet()) {
			total += header.getKey().length() + header.getValue().length();
		}
		Assert.isTrue(total <= MAX_TOTAL_LENGTH, () -> "The headers of a message must not have more than "
				+ MAX_TOTAL_LENGTH + " characters, with \"" + name + "\" they have");
		return new Headers(changed);
	}

	Map<String, String> asMap() {
		return Collections.unmodifiableMap(this.values);
	}

	void addTo(EntryFields.Builder fields) {
		this.values.forEach((name, value) -> fields.add(EntryFormat.HEADER_PREFIX + name, utf8(value)));
	}

	private static void checkName(String name) {
		Assert.hasText(name, "The name of a header must not be blank");
		Assert.isTrue(name.length() <= MAX_NAME_LENGTH,
				() -> "The name of a header must not have more than " + MAX_NAME_LENGTH + " characters");
		Assert.isTrue(name.chars().noneMatch(Character::isISOControl),
				"The name of a header must not contain control characters");
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
