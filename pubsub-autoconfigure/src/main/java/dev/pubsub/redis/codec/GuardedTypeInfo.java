package dev.pubsub.redis.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.Version;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.NopAnnotationIntrospector;

/**
 * Has {@code @JsonTypeInfo} resolved by {@link GuardedTypeResolver}. A resolver that the
 * application chose is left alone, unless it is to write class names.
 */
final class GuardedTypeInfo extends NopAnnotationIntrospector {

	private static final long serialVersionUID = 1L;

	@Override
	public Version version() {
		return Version.unknownVersion();
	}

	@Override
	public @Nullable Object findTypeResolverBuilder(MapperConfig<?> config, Annotated annotated) {
		AnnotationIntrospector all = config.getAnnotationIntrospector();
		JsonTypeInfo.Value typeInfo = all.findPolymorphicTypeInfo(config, annotated);
		if (typeInfo == null || typeInfo.getIdType() == JsonTypeInfo.Id.NONE) {
			return null;
		}
		if (GuardedTypeResolver.isClassName(typeInfo.getIdType()) || !hasOwnResolver(config, annotated)) {
			return new GuardedTypeResolver(annotated instanceof AnnotatedClass);
		}
		return null;
	}

	private boolean hasOwnResolver(MapperConfig<?> config, Annotated annotated) {
		return config.getAnnotationIntrospector()
			.allIntrospectors()
			.stream()
			.anyMatch((other) -> other != this && other.findTypeResolverBuilder(config, annotated) != null);
	}

}
