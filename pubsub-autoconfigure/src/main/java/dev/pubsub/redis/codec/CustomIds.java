package dev.pubsub.redis.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.TypeIdResolver;

/**
 * Writes the ids of a resolver of the application, but no names of classes.
 */
final class CustomIds implements TypeIdResolver {

	private final TypeIdResolver resolver;

	private final String refused;

	CustomIds(TypeIdResolver resolver, String refused) {
		this.resolver = resolver;
		this.refused = refused;
	}

	@Override
	public void init(JavaType baseType) {
		this.resolver.init(baseType);
	}

	@Override
	public @Nullable String idFromValue(DatabindContext context, Object value) {
		return checked(context, this.resolver.idFromValue(context, value), value.getClass());
	}

	@Override
	public @Nullable String idFromValueAndType(DatabindContext context, @Nullable Object value, Class<?> type) {
		return checked(context, this.resolver.idFromValueAndType(context, value, type), type);
	}

	@Override
	public @Nullable String idFromBaseType(DatabindContext context) {
		return this.resolver.idFromBaseType(context);
	}

	@Override
	public JavaType typeFromId(DatabindContext context, String id) {
		return this.resolver.typeFromId(context, id);
	}

	@Override
	public String getDescForKnownTypeIds() {
		return this.resolver.getDescForKnownTypeIds();
	}

	@Override
	public JsonTypeInfo.Id getMechanism() {
		return this.resolver.getMechanism();
	}

	private @Nullable String checked(DatabindContext context, @Nullable String id, Class<?> type) {
		if (id != null && (id.equals(type.getName()) || id.equals(type.getCanonicalName()))) {
			return context.reportBadDefinition(type, this.refused);
		}
		return id;
	}

}
