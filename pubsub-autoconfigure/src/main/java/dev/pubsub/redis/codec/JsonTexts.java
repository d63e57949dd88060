package dev.pubsub.redis.codec;

import java.io.StringWriter;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads texts as a writer of flat fields would have written them: an object or an array
 * becomes its JSON.
 */
final class JsonTexts extends StdScalarDeserializer<Object> {

	private final transient JsonMapper json;

	private final transient ValueDeserializer<?> scalars;

	private JsonTexts(JsonMapper json, ValueDeserializer<?> scalars) {
		super(String.class);
		this.json = json;
		this.scalars = scalars;
	}

	/**
	 * Return a copy of a mapper that reads texts so.
	 */
	static JsonMapper in(JsonMapper json) {
		return json.rebuild()
			.addModule(new SimpleModule(JsonTexts.class.getName()).setDeserializerModifier(new Modifier(json)))
			.build();
	}

	@Override
	public Object deserialize(JsonParser parser, DeserializationContext context) {
		JsonToken token = parser.currentToken();
		if (token != JsonToken.START_OBJECT && token != JsonToken.START_ARRAY) {
			return this.scalars.deserialize(parser, context);
		}
		StringWriter text = new StringWriter();
		try (JsonGenerator generator = this.json.createGenerator(text)) {
			generator.copyCurrentStructureExact(parser);
		}
		return text.toString();
	}

	private static final class Modifier extends ValueDeserializerModifier {

		private static final long serialVersionUID = 1L;

		private final transient JsonMapper json;

		Modifier(JsonMapper json) {
			this.json = json;
		}

		@Override
		public ValueDeserializer<?> modifyDeserializer(DeserializationConfig config, BeanDescription.Supplier bean,
				ValueDeserializer<?> deserializer) {
			return bean.getType().hasRawClass(String.class) ? new JsonTexts(this.json, deserializer) : deserializer;
		}

	}

}
