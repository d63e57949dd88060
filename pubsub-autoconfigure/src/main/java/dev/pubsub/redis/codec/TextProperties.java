package dev.pubsub.redis.codec;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * The properties of a type that are texts, even if a text in them looks like JSON. Of a
 * type with named subtypes, those of the subtype that an entry names.
 */
final class TextProperties {

	private final PropertyNames names;

	private final @Nullable String typeField;

	private final Map<String, PropertyNames> namesByTypeId;

	private TextProperties(PropertyNames names, @Nullable String typeField, Map<String, PropertyNames> namesByTypeId) {
		this.names = names;
		this.typeField = typeField;
		this.namesByTypeId = namesByTypeId;
	}

	static TextProperties of(JsonMapper json, JavaType type) {
		TypeIntrospection introspection = new TypeIntrospection(json.deserializationConfig());
		Map<String, PropertyNames> namesByTypeId = new HashMap<>();
		PropertyNames names = introspection.namesOf(type, namesByTypeId);
		return new TextProperties(names, introspection.typeField(type), namesByTypeId);
	}

	/**
	 * Return those of the type that the fields name.
	 */
	TextProperties of(Map<String, byte[]> fields) {
		byte[] typeId = (this.typeField != null) ? fields.get(this.typeField) : null;
		if (typeId == null) {
			return this;
		}
		PropertyNames ofSubtype = this.namesByTypeId.get(new String(typeId, StandardCharsets.UTF_8));
		return (ofSubtype != null) ? new TextProperties(ofSubtype, null, Map.of()) : this;
	}

	boolean contains(String name) {
		return this.names.isText(name);
	}

}
