package dev.pubsub.redis.codec;

import java.io.InputStream;
import java.io.Reader;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.Version;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.ser.ValueSerializerModifier;

import org.springframework.core.ReactiveAdapterRegistry;

/**
 * Refuses to write values that hold their content only when it is fetched from them, such
 * as input streams and futures: Jackson would write an empty object. A serializer of the
 * application for such a type is used.
 */
final class OneTimeSources extends JacksonModule {

	private static final String JACKSON = "tools.jackson.";

	@Override
	public String getModuleName() {
		return OneTimeSources.class.getName();
	}

	@Override
	public Version version() {
		return Version.unknownVersion();
	}

	@Override
	public void setupModule(SetupContext context) {
		context.addSerializerModifier(new Refusal());
	}

	private static boolean isOneTimeSource(Class<?> type) {
		return Stream.of(InputStream.class, Reader.class, Future.class, CompletionStage.class)
			.anyMatch((source) -> source.isAssignableFrom(type))
				|| ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
	}

	private static final class Refusal extends ValueSerializerModifier {

		private static final long serialVersionUID = 1L;

		@Override
		public ValueSerializer<?> modifySerializer(SerializationConfig config, BeanDescription.Supplier bean,
				ValueSerializer<?> serializer) {
			if (serializer.getClass().getName().startsWith(JACKSON) && isOneTimeSource(bean.getBeanClass())) {
				throw InvalidDefinitionException.from((JsonGenerator) null,
						"it would be written without its content; publish the content", bean.getType());
			}
			return serializer;
		}

	}

}
