package dev.pubsub.redis.codec;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;

/**
 * The subtypes among which a type is deduced from its properties. Jackson refers to them
 * by the names of their classes, which are not looked up here: they are all known.
 */
final class DeducedTypes extends TypeIdResolverBase {

	private final Map<String, JavaType> typeByName = new HashMap<>();

	DeducedTypes(DatabindContext context, JavaType baseType, Collection<NamedType> subtypes) {
		super(baseType);
		for (NamedType subtype : subtypes) {
			Class<?> type = subtype.getType();
			if (baseType.isTypeOrSuperTypeOf(type)) {
				this.typeByName.put(type.getName(), context.constructSpecializedType(baseType, type));
			}
		}
	}

	@Override
	public @Nullable JavaType typeFromId(DatabindContext context, String id) {
		return this.typeByName.get(id);
	}

	@Override
	public String idFromValue(DatabindContext context, Object value) {
		return value.getClass().getName();
	}

	@Override
	public String idFromValueAndType(DatabindContext context, Object value, Class<?> type) {
		return type.getName();
	}

	@Override
	public JsonTypeInfo.Id getMechanism() {
		return JsonTypeInfo.Id.DEDUCTION;
	}

}
