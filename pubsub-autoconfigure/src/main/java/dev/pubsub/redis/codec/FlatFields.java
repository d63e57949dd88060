package dev.pubsub.redis.codec;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.TokenBuffer;

/**
 * Turns flat fields into the tokens of a JSON object that can be bound to one type. A
 * field is a text, which Jackson converts to numbers, dates and so on. A text that is a
 * JSON object or array becomes one, unless the type wants a text there.
 */
final class FlatFields {

	private final JsonMapper json;

	private final TextProperties texts;

	FlatFields(JsonMapper json, JavaType type) {
		this.json = json;
		this.texts = TextProperties.of(json, type);
	}

	/**
	 * Return the fields, without the reserved ones, as a JSON object.
	 */
	JsonParser parse(EntryFields fields) {
		Map<String, byte[]> values = own(fields);
		TextProperties known = this.texts.of(values);
		TokenBuffer tokens = TokenBuffer.forGeneration();
		tokens.writeStartObject();
		values.forEach((name, value) -> {
			tokens.writeName(name);
			TokenBuffer structure = (looksStructured(value) && !known.contains(name)) ? structure(value) : null;
			if (structure != null) {
				tokens.append(structure);
			}
			else {
				tokens.writeString(new String(value, StandardCharsets.UTF_8));
			}
		});
		tokens.writeEndObject();
		return tokens.asParser();
	}

	private static Map<String, byte[]> own(EntryFields fields) {
		Map<String, byte[]> own = new LinkedHashMap<>();
		fields.forEach((rawName, value) -> {
			String name = new String(rawName, StandardCharsets.UTF_8);
			if (!name.startsWith(EntryFormat.RESERVED_PREFIX)) {
				own.putIfAbsent(name, value);
			}
		});
		return own;
	}

	private @Nullable TokenBuffer structure(byte[] value) {
		try (JsonParser parser = this.json.createParser(value)) {
			parser.nextToken();
			TokenBuffer structure = TokenBuffer.forGeneration();
			structure.copyCurrentStructure(parser);
			return (parser.nextToken() == null) ? structure : null;
		}
		catch (JacksonException ex) {
			// Only looks like JSON: the binding decides whether a text will do.
			return null;
		}
	}

	private static boolean looksStructured(byte[] value) {
		return value.length > 1 && (value[0] == '{' || value[0] == '[');
	}

}
