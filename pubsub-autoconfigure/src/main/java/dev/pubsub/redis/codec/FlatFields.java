package dev.pubsub.redis.codec;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns flat fields into a JSON object that can be bound to one type. A field is a text,
 * which Jackson converts to numbers, dates and so on; where the type wants a structure,
 * and the text looks like one, it is parsed.
 */
final class FlatFields {

	private final JsonMapper json;

	private final Set<String> structured;

	private final boolean structuredValues;

	FlatFields(JsonMapper json, JavaType type) {
		this.json = json;
		this.structuredValues = type.isMapLikeType() && !isText(type.getContentType());
		this.structured = (type.isContainerType() || type.isPrimitive()) ? Set.of() : structuredProperties(json, type);
	}

	ObjectNode toTree(EntryFields fields) {
		ObjectNode tree = this.json.createObjectNode();
		fields.forEach((rawName, value) -> {
			String name = new String(rawName, StandardCharsets.UTF_8);
			if (!name.startsWith(EntryFormat.RESERVED_PREFIX) && !tree.has(name)) {
				addTo(tree, name, value);
			}
		});
		return tree;
	}

	private void addTo(ObjectNode tree, String name, byte[] value) {
		@Nullable JsonNode structure = null;
		if (looksStructured(value) && (this.structuredValues || this.structured.contains(name))) {
			structure = parse(value);
		}
		if (structure != null) {
			tree.set(name, structure);
		}
		else {
			tree.put(name, new String(value, StandardCharsets.UTF_8));
		}
	}

	private @Nullable JsonNode parse(byte[] value) {
		try {
			return this.json.readTree(value);
		}
		catch (JacksonException ex) {
			// Only looks like JSON: the binding decides whether a text will do.
			return null;
		}
	}

	private static boolean looksStructured(byte[] value) {
		return value.length > 1 && (value[0] == '{' || value[0] == '[');
	}

	private static Set<String> structuredProperties(JsonMapper json, JavaType type) {
		DeserializationConfig config = json.deserializationConfig();
		ClassIntrospector introspector = config.classIntrospectorInstance().forOperation(config);
		BeanDescription bean = introspector.introspectForDeserialization(type,
				introspector.introspectClassAnnotations(type));
		Set<String> names = new HashSet<>();
		for (BeanPropertyDefinition property : bean.findProperties()) {
			if (!isText(property.getPrimaryType())) {
				names.add(property.getName());
				property.findAliases().forEach((alias) -> names.add(alias.getSimpleName()));
			}
		}
		return names;
	}

	private static boolean isText(JavaType type) {
		if (type.isReferenceType()) {
			return isText(type.getContentType());
		}
		return type.isTypeOrSubTypeOf(CharSequence.class) || type.hasRawClass(char[].class);
	}

}
