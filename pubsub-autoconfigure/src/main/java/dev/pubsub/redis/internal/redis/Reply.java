package dev.pubsub.redis.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A reply, or a part of one, whose shape the caller knows. Numbers that come as text are
 * read all the same, as some servers send them.
 *
 * @param value a list, bytes, a number or nothing
 */
public record Reply(@Nullable Object value) {

	public boolean isNull() {
		return this.value == null;
	}

	public List<Reply> list() {
		if (this.value instanceof List<?> list) {
			List<Reply> replies = new ArrayList<>(list.size());
			for (Object item : list) {
				replies.add(new Reply(item));
			}
			return Collections.unmodifiableList(replies);
		}
		return List.of();
	}

	/**
	 * Return a part of a list.
	 * @param index position of the part
	 * @return the part, nothing when the list is shorter
	 */
	public Reply get(int index) {
		return (this.value instanceof List<?> list && index < list.size()) ? new Reply(list.get(index))
				: new Reply(null);
	}

	/**
	 * Return the value behind a key in a flat list of keys and values.
	 * @param key the key
	 * @return the value, nothing when there is no such key
	 */
	public Reply get(String key) {
		if (this.value instanceof List<?> list) {
			for (int i = 0; i + 1 < list.size(); i += 2) {
				if (key.equals(new Reply(list.get(i)).text())) {
					return new Reply(list.get(i + 1));
				}
			}
		}
		return new Reply(null);
	}

	/**
	 * Return a flat list of names and values, such as that of a hash.
	 * @return the values by their names, in the order of the reply
	 */
	public Map<String, String> fields() {
		Map<String, String> fields = new LinkedHashMap<>();
		List<Reply> list = list();
		for (int i = 0; i + 1 < list.size(); i += 2) {
			fields.put(list.get(i).text(), list.get(i + 1).text());
		}
		return fields;
	}

	public byte[] bytes() {
		return (this.value instanceof byte[] bytes) ? bytes : text().getBytes(StandardCharsets.UTF_8);
	}

	public String text() {
		if (this.value instanceof byte[] bytes) {
			return new String(bytes, StandardCharsets.UTF_8);
		}
		return (this.value != null) ? this.value.toString() : "";
	}

	public long number() {
		if (this.value instanceof Number number) {
			return number.longValue();
		}
		return (this.value != null) ? Long.parseLong(text()) : 0;
	}

	public EntryId id() {
		return EntryId.parse(bytes());
	}

}
