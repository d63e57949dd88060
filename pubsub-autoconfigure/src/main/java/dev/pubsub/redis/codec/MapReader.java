package dev.pubsub.redis.codec;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;

/**
 * Reads a map whose values may be texts: the fields as they are, or the JSON object that
 * the entry says it holds. Where a value may be anything, a nested object or list becomes
 * one.
 */
final class MapReader implements PayloadReader {

	private final TypedReader typed;

	private final boolean nested;

	MapReader(TypedReader typed, boolean nested) {
		this.typed = typed;
		this.nested = nested;
	}

	@Override
	public Object read(EntryFields fields) {
		Content content = Content.of(fields);
		if (content != null && content.isJson()) {
			return this.typed.readJson(content);
		}
		boolean declared = content != null && content.type() != ContentType.UNDECLARED;
		return (this.nested && !declared) ? this.typed.readFlat(fields) : texts(fields);
	}

	/**
	 * Return all fields but the reserved ones.
	 */
	static Map<String, String> texts(EntryFields fields) {
		Map<String, String> texts = new LinkedHashMap<>();
		fields.forEach((name, value) -> {
			String text = new String(name, StandardCharsets.UTF_8);
			if (!text.startsWith(EntryFormat.RESERVED_PREFIX)) {
				texts.putIfAbsent(text, new String(value, StandardCharsets.UTF_8));
			}
		});
		return texts;
	}

}
