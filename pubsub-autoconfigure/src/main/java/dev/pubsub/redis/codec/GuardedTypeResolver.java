package dev.pubsub.redis.codec;

import java.util.Collection;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.jsontype.TypeIdResolver;
import tools.jackson.databind.jsontype.impl.StdTypeResolverBuilder;

/**
 * Resolves types by names that the application has given to them, and refuses those that
 * are to be named by their class.
 */
final class GuardedTypeResolver extends StdTypeResolverBuilder {

	private static final String REFUSED = "class names are neither written nor read; use @JsonTypeInfo(use = NAME)"
			+ " and give the subtypes names with @JsonSubTypes or @JsonTypeName";

	private final boolean ofClass;

	GuardedTypeResolver(boolean ofClass) {
		this.ofClass = ofClass;
	}

	private GuardedTypeResolver(GuardedTypeResolver base, Class<?> defaultImpl) {
		super(base, defaultImpl);
		this.ofClass = base.ofClass;
	}

	static boolean isClassName(JsonTypeInfo.Id id) {
		return id == JsonTypeInfo.Id.CLASS || id == JsonTypeInfo.Id.MINIMAL_CLASS;
	}

	@Override
	public StdTypeResolverBuilder withDefaultImpl(Class<?> defaultImpl) {
		return new GuardedTypeResolver(this, defaultImpl);
	}

	/**
	 * Take the settings of the annotation. On a class there is nothing that an external
	 * property could be beside.
	 */
	@Override
	public StdTypeResolverBuilder withSettings(JsonTypeInfo.Value settings) {
		boolean external = settings.getInclusionType() == JsonTypeInfo.As.EXTERNAL_PROPERTY;
		return super.withSettings(
				(this.ofClass && external) ? settings.withInclusionType(JsonTypeInfo.As.PROPERTY) : settings);
	}

	@Override
	protected PolymorphicTypeValidator reportInvalidBaseType(DatabindContext context, JavaType baseType,
			PolymorphicTypeValidator validator) {
		return context.reportBadDefinition(baseType, REFUSED);
	}

	@Override
	protected TypeIdResolver idResolver(DatabindContext context, JavaType baseType, PolymorphicTypeValidator validator,
			Collection<NamedType> subtypes, boolean forWriting, boolean forReading) {
		if (this._idType == JsonTypeInfo.Id.DEDUCTION && this._customIdResolver == null) {
			return new DeducedTypes(context, baseType, subtypes);
		}
		TypeIdResolver resolver = super.idResolver(context, baseType, validator, subtypes, forWriting, forReading);
		if (isClassName(this._idType) || isClassName(resolver.getMechanism())) {
			return context.reportBadDefinition(baseType, REFUSED);
		}
		return (this._customIdResolver != null && forWriting) ? new CustomIds(resolver, REFUSED) : resolver;
	}

}
