package dev.pubsub.redis.codec;

import tools.jackson.core.Version;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.exc.InvalidDefinitionException;

/**
 * Keeps a mapper from loading a class because a document names it: loading runs code of
 * that class, whatever becomes of the document. To be added as the last module, since it
 * undoes what others have set.
 */
final class NamedClasses extends JacksonModule {

	private static final String JACKSON = "tools.jackson.";

	@Override
	public String getModuleName() {
		return NamedClasses.class.getName();
	}

	@Override
	public Version version() {
		return Version.unknownVersion();
	}

	@Override
	public void setupModule(SetupContext context) {
		((MapperBuilder<?, ?>) context.getOwner()).deactivateDefaultTyping()
			.polymorphicTypeValidator(new NoClassByName());
		context.insertAnnotationIntrospector(new GuardedTypeInfo());
		context.addDeserializerModifier(new NoClassValues());
	}

	private static boolean isClass(JavaType type) {
		return type.hasRawClass(Class.class) || type.hasRawClass(JavaType.class);
	}

	private static InvalidDefinitionException refused(JavaType type) {
		return InvalidDefinitionException.from((tools.jackson.core.JsonParser) null,
				"a message must not name a class to load; take the name as a String", type);
	}

	/**
	 * Refuses values and keys of maps that are classes, unless the application says how
	 * to read them.
	 */
	private static final class NoClassValues extends ValueDeserializerModifier {

		private static final long serialVersionUID = 1L;

		@Override
		public ValueDeserializer<?> modifyDeserializer(DeserializationConfig config, BeanDescription.Supplier bean,
				ValueDeserializer<?> deserializer) {
			if (isClass(bean.getType()) && isJacksons(deserializer)) {
				throw refused(bean.getType());
			}
			return deserializer;
		}

		@Override
		public KeyDeserializer modifyKeyDeserializer(DeserializationConfig config, JavaType type,
				KeyDeserializer deserializer) {
			if (isClass(type) && isJacksons(deserializer)) {
				throw refused(type);
			}
			return deserializer;
		}

		private static boolean isJacksons(Object deserializer) {
			return deserializer.getClass().getName().startsWith(JACKSON);
		}

	}

}
