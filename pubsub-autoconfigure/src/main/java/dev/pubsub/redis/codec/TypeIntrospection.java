package dev.pubsub.redis.codec;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedMethod;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.jsontype.NamedType;
import tools.jackson.databind.util.NameTransformer;

/**
 * Finds the properties that JSON objects of a type may have, as Jackson would bind them.
 * Used once per type.
 */
final class TypeIntrospection {

	private final DeserializationConfig config;

	private final ClassIntrospector introspector;

	private final AnnotationIntrospector annotations;

	TypeIntrospection(DeserializationConfig config) {
		this.config = config;
		this.introspector = config.classIntrospectorInstance().forOperation(config);
		this.annotations = config.getAnnotationIntrospector();
	}

	/**
	 * Return the name of the property that says which subtype an object is.
	 */
	@Nullable String typeField(JavaType type) {
		JsonTypeInfo.Value info = this.annotations.findPolymorphicTypeInfo(this.config, classOf(type));
		if (info == null) {
			return null;
		}
		String name = info.getPropertyName();
		return (name != null && !name.isEmpty()) ? name : info.getIdType().getDefaultPropertyName();
	}

	/**
	 * Return the names of the properties of a type and its subtypes.
	 * @param type the type
	 * @param namesByTypeId receives those of each named subtype alone
	 */
	PropertyNames namesOf(JavaType type, Map<String, PropertyNames> namesByTypeId) {
		PropertyNames names = namesOf(type);
		AnnotatedClass annotated = classOf(type);
		if (this.annotations.findPolymorphicTypeInfo(this.config, annotated) == null) {
			return names;
		}
		for (NamedType subtype : this.config.getSubtypeResolver()
			.collectAndResolveSubtypesByTypeId(this.config, annotated)) {
			PropertyNames ofSubtype = namesOf(this.config.constructType(subtype.getType()));
			names.addAll(ofSubtype);
			if (subtype.hasName()) {
				namesByTypeId.put(subtype.getName(), ofSubtype);
			}
		}
		return names;
	}

	private PropertyNames namesOf(JavaType type) {
		PropertyNames names = new PropertyNames(ignoresCase(type));
		collect(type, NameTransformer.NOP, names, new HashSet<>());
		return names;
	}

	private void collect(JavaType type, NameTransformer transformer, PropertyNames names, Set<JavaType> seen) {
		if (type.isReferenceType()) {
			collect(type.getContentType(), transformer, names, seen);
			return;
		}
		if (type.isMapLikeType() && isText(type.getContentType())) {
			names.othersAreTexts();
		}
		if (type.isContainerType() || type.isPrimitive() || !seen.add(type)) {
			return;
		}
		BeanDescription bean = describe(type);
		for (BeanPropertyDefinition property : bean.findProperties()) {
			add(property, transformer, names, seen);
		}
		AnnotatedMember others = bean.findAnySetterAccessor();
		if (others != null && isText(valueOf(others))) {
			names.othersAreTexts();
		}
		delegates(bean).forEach((delegate) -> collect(delegate, transformer, names, seen));
	}

	private void add(BeanPropertyDefinition property, NameTransformer transformer, PropertyNames names,
			Set<JavaType> seen) {
		AnnotatedMember member = property.getPrimaryMember();
		NameTransformer unwrapping = (member != null)
				? this.annotations.findUnwrappingNameTransformer(this.config, member) : null;
		if (unwrapping != null) {
			collect(property.getPrimaryType(), NameTransformer.chainedTransformer(transformer, unwrapping), names,
					seen);
			return;
		}
		boolean text = isText(property.getPrimaryType());
		names.add(transformer.transform(property.getName()), text);
		property.findAliases().forEach((alias) -> names.add(transformer.transform(alias.getSimpleName()), text));
	}

	private BeanDescription describe(JavaType type) {
		AnnotatedClass annotated = classOf(type);
		BeanDescription bean = this.introspector.introspectForDeserialization(type, annotated);
		Class<?> builder = this.annotations.findPOJOBuilder(this.config, annotated);
		return (builder != null)
				? this.introspector.introspectForDeserializationWithBuilder(this.config.constructType(builder), bean)
				: bean;
	}

	/**
	 * Return the types that the type is made of by a creator that delegates.
	 */
	private static Stream<JavaType> delegates(BeanDescription bean) {
		return Stream.concat(bean.getConstructorsWithMode().stream(), bean.getFactoryMethodsWithMode().stream())
			.filter((creator) -> creator.metadata == JsonCreator.Mode.DELEGATING
					&& creator.annotated.getParameterCount() == 1)
			.map((creator) -> creator.annotated.getParameterType(0));
	}

	private static JavaType valueOf(AnnotatedMember anySetter) {
		return (anySetter instanceof AnnotatedMethod method && method.getParameterCount() == 2)
				? method.getParameterType(1) : anySetter.getType().getContentType();
	}

	private boolean ignoresCase(JavaType type) {
		JsonFormat.Value format = this.annotations.findFormat(this.config, classOf(type));
		Boolean ofType = (format != null) ? format.getFeature(JsonFormat.Feature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
				: null;
		return (ofType != null) ? ofType : this.config.isEnabled(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES);
	}

	private AnnotatedClass classOf(JavaType type) {
		return this.introspector.introspectClassAnnotations(type);
	}

	private boolean isText(@Nullable JavaType type) {
		if (type == null) {
			return false;
		}
		if (type.isReferenceType()) {
			return isText(type.getContentType());
		}
		return type.isTypeOrSubTypeOf(CharSequence.class) || type.hasRawClass(char[].class);
	}

}
