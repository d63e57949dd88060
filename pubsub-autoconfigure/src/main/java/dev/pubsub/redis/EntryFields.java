package dev.pubsub.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The fields of one stream entry: names and values, in order and byte for byte. A name
 * may occur more than once, as Redis allows it; lookups answer with the first.
 * <p>
 * Immutable by agreement: arrays are not copied, so whoever reads one must not change it.
 *
 * @since 0.1.0
 */
public final class EntryFields {

	private static final char MAX_ASCII = 0x7f;

	private final byte[][] namesAndValues;

	private EntryFields(byte[][] namesAndValues) {
		Assert.isTrue(namesAndValues.length % 2 == 0, "Names and values must come in pairs");
		this.namesAndValues = namesAndValues;
	}

	/**
	 * Return fields over the given array, which is not copied.
	 * @param namesAndValues name, value, name, value, …
	 * @return the fields
	 */
	public static EntryFields of(byte[]... namesAndValues) {
		return new EntryFields(namesAndValues);
	}

	/**
	 * Return fields with the given texts, encoded in UTF-8.
	 * @param fields texts by field name
	 * @return the fields, in the order of the map
	 */
	public static EntryFields ofText(Map<String, String> fields) {
		Builder builder = builder();
		fields.forEach(builder::add);
		return builder.build();
	}

	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Return the number of fields.
	 * @return the number of name-value pairs
	 */
	public int size() {
		return this.namesAndValues.length / 2;
	}

	/**
	 * Return the value of the first field with the given name: the array of the entry,
	 * not a copy. Who changes it changes the entry, and what is dead-lettered of it.
	 * @param name name of the field
	 * @return the value or {@code null} when there is no such field
	 */
	public byte @Nullable [] get(String name) {
		for (int i = 0; i < this.namesAndValues.length; i += 2) {
			if (spells(this.namesAndValues[i], name)) {
				return this.namesAndValues[i + 1];
			}
		}
		return null;
	}

	/**
	 * Compare without encoding the name, which takes longer than all the rest.
	 */
	private static boolean spells(byte[] bytes, String name) {
		int length = name.length();
		if (bytes.length < length) {
			return false;
		}
		for (int i = 0; i < length; i++) {
			char character = name.charAt(i);
			if (character > MAX_ASCII) {
				return Arrays.equals(bytes, name.getBytes(StandardCharsets.UTF_8));
			}
			if (bytes[i] != character) {
				return false;
			}
		}
		return bytes.length == length;
	}

	/**
	 * Return the value of the first field with the given name as UTF-8 text.
	 * @param name name of the field
	 * @return the text or {@code null} when there is no such field
	 */
	public @Nullable String getText(String name) {
		byte[] value = get(name);
		return (value != null) ? new String(value, StandardCharsets.UTF_8) : null;
	}

	/**
	 * Pass each name and value to the given consumer, in order.
	 * @param consumer receives the raw bytes of name and value
	 */
	public void forEach(BiConsumer<byte[], byte[]> consumer) {
		for (int i = 0; i < this.namesAndValues.length; i += 2) {
			consumer.accept(this.namesAndValues[i], this.namesAndValues[i + 1]);
		}
	}

	/**
	 * Return the values by name; of a repeated name the first.
	 * @return an unmodifiable map in the order of the entry
	 */
	public Map<String, byte[]> asMap() {
		Map<String, byte[]> map = new LinkedHashMap<>();
		forEach((name, value) -> map.putIfAbsent(new String(name, StandardCharsets.UTF_8), value));
		return Collections.unmodifiableMap(map);
	}

	/**
	 * Return the names only, since values may be confidential.
	 */
	@Override
	public String toString() {
		return asMap().keySet().toString();
	}

	/**
	 * Collects fields. Not thread-safe.
	 */
	public static final class Builder {

		private final List<byte[]> namesAndValues = new ArrayList<>();

		private Builder() {
		}

		public Builder add(String name, String value) {
			return add(name, value.getBytes(StandardCharsets.UTF_8));
		}

		public Builder add(String name, byte[] value) {
			return add(name.getBytes(StandardCharsets.UTF_8), value);
		}

		public Builder add(byte[] name, byte[] value) {
			this.namesAndValues.add(name);
			this.namesAndValues.add(value);
			return this;
		}

		/**
		 * Add all fields of the given ones, byte for byte.
		 * @param fields what to add
		 * @return this builder
		 */
		public Builder addAll(EntryFields fields) {
			fields.forEach(this::add);
			return this;
		}

		public EntryFields build() {
			return new EntryFields(this.namesAndValues.toArray(new byte[0][]));
		}

	}

}
