package dev.pubsub.redis.codec;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.UnreadableTypeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.Version;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.JacksonModule;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.annotation.JsonTypeIdResolver;
import tools.jackson.databind.annotation.JsonTypeResolver;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;
import tools.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * No class is loaded because a message names it, and none is named in what we write.
 */
class NamedClassesTests {

	private static final PolymorphicTypeValidator ANY = BasicPolymorphicTypeValidator.builder()
		.allowIfBaseType(Object.class)
		.allowIfSubType(Object.class)
		.build();

	private final PayloadCodec codec = JacksonPayloadCodec.create();

	@ParameterizedTest
	@MethodSource("typesThatNameClasses")
	void runsNoCodeOfClassThatMessageNames(Type type, String json) {
		EntryFields entry = EntryFields
			.ofText(Map.of("payload", json.replace("PROBE", ClassProbe.NAME), "__CONTENT_TYPE", "application/json"));

		assertThatExceptionOfType(UnreadableTypeException.class).isThrownBy(() -> this.codec.decode(entry, type));
		assertThat(ClassProbe.loaded()).isFalse();
	}

	static Stream<Arguments> typesThatNameClasses() {
		return Stream.of(Arguments.of(ByClass.class, "{\"@class\":\"PROBE\"}"),
				Arguments.of(ByClass[].class, "[{\"@class\":\"PROBE\"}]"),
				Arguments.of(ByClass.class, "{\"@class\":\"java.util.ArrayList<PROBE>\"}"),
				Arguments.of(ByMinimalClass.class, "{\"@c\":\".ClassProbe$Named\"}"),
				Arguments.of(ByRegisteredClass.class, "{\"@class\":\"PROBE\"}"),
				Arguments.of(ByTrustingResolver.class, "{\"@class\":\"PROBE\"}"),
				Arguments.of(ObjectProperty.class, "{\"value\":{\"@class\":\"PROBE\"}}"),
				Arguments.of(ObjectElements.class, "{\"values\":[{\"@class\":\"PROBE\"}]}"),
				Arguments.of(ClassProperty.class, "{\"value\":\"PROBE\"}"),
				Arguments.of(JavaTypeProperty.class, "{\"value\":\"PROBE\"}"), Arguments.of(Class.class, "\"PROBE\""),
				Arguments.of(new TypeReference<Map<Class<?>, String>>() {
				}.getType(), "{\"PROBE\":\"\"}"), Arguments.of(new TypeReference<List<Class<?>>>() {
				}.getType(), "[\"PROBE\"]"));
	}

	@Test
	void runsNoCodeOfClassThatFlatFieldsName() {
		assertThatExceptionOfType(UnreadableTypeException.class)
			.isThrownBy(() -> this.codec.decode(EntryFields.ofText(Map.of("@class", ClassProbe.NAME)), ByClass.class));
		assertThatExceptionOfType(UnreadableTypeException.class).isThrownBy(() -> this.codec.decode(
				EntryFields.ofText(Map.of("value", "{\"@class\":\"" + ClassProbe.NAME + "\"}")), ObjectProperty.class));
		assertThat(ClassProbe.loaded()).isFalse();
	}

	@Test
	void resolverOfApplicationLoadsNoneThroughJackson() {
		EntryFields entry = EntryFields.ofText(Map.of("kind", ClassProbe.NAME));

		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.codec.decode(entry, ByResolvedClass.class));
		assertThat(ClassProbe.loaded()).isFalse();
	}

	@Test
	void defaultTypingOfMapperIsOffEvenIfModuleSwitchesItOn() {
		JsonMapper mapper = JsonMapper.builder()
			.activateDefaultTyping(ANY, DefaultTyping.NON_FINAL)
			.addModule(new TypingModule())
			.build();
		PayloadCodec guarded = new JacksonPayloadCodec(mapper);
		String json = "{\"value\":[\"" + ClassProbe.NAME + "\",{}]}";

		assertThat(guarded.decode(EntryFields.ofText(Map.of("payload", json, "__CONTENT_TYPE", "application/json")),
				PlainObject.class))
			.isEqualTo(new PlainObject(List.of(ClassProbe.NAME, Map.of())));
		assertThat(guarded.encode(new PlainObject(List.of(1))).getText("payload")).isEqualTo("{\"value\":[1]}");
		assertThat(ClassProbe.loaded()).isFalse();
	}

	@ParameterizedTest
	@MethodSource("payloadsThatNameClasses")
	void refusesToWriteClassNames(Object payload) {
		assertThatExceptionOfType(PayloadConversionException.class).isThrownBy(() -> this.codec.encode(payload))
			.withMessageContaining("class names are neither written nor read")
			.withMessageContaining("NAME");
	}

	static Stream<Object> payloadsThatNameClasses() {
		return Stream.of(new ByClassItem(), new ByMinimalClassItem(), new ByRegisteredClassItem(),
				new ByTrustingResolver(), new ObjectProperty(new ByName.First(1)),
				new ObjectElements(List.of(new ByName.First(1))), Map.of("item", new ByClassItem()),
				new ByResolvedClass());
	}

	@ParameterizedTest
	@MethodSource("payloadsWithNames")
	void subtypesThatHaveNamesGoOn(Object payload, Type type, String json) {
		EntryFields entry = this.codec.encode(payload);

		assertThat(entry.getText("payload")).isEqualTo(json);
		assertThat(this.codec.decode(entry, type)).isEqualTo(payload);
	}

	static Stream<Arguments> payloadsWithNames() {
		return Stream.of(Arguments.of(new ByName.First(1), ByName.class, "{\"type\":\"first\",\"number\":1}"),
				Arguments.of(new ByName.Second("x"), ByName.class, "{\"type\":\"second\",\"text\":\"x\"}"),
				Arguments.of(new Deduced.Cat(9), Deduced.class, "{\"lives\":9}"),
				Arguments.of(new Deduced.Dog("loud"), Deduced.class, "{\"bark\":\"loud\"}"),
				Arguments.of(new ByOwnName(3), ByOwnName.class, "{\"kind\":\"own\",\"number\":3}"),
				Arguments.of(new Holder(new ByName.First(2), new ByName.Second("y")), Holder.class,
						"{\"external\":{\"number\":2},\"kind\":\"first\",\"plain\":{\"type\":\"second\",\"text\":\"y\"}}"));
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	interface ByClass {

	}

	record ByClassItem() implements ByClass {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
	interface ByMinimalClass {

	}

	record ByMinimalClassItem() implements ByMinimalClass {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	@JsonSubTypes(@JsonSubTypes.Type(ByRegisteredClassItem.class))
	interface ByRegisteredClass {

	}

	record ByRegisteredClassItem() implements ByRegisteredClass {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	@JsonTypeResolver(TrustingResolver.class)
	static class ByTrustingResolver {

	}

	static class TrustingResolver extends StdTypeResolverBuilder {

		@Override
		public PolymorphicTypeValidator subTypeValidator(DatabindContext context) {
			return ANY;
		}

	}

	record ObjectProperty(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Object value) {

	}

	record ObjectElements(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) List<Object> values) {

	}

	record ClassProperty(Class<?> value) {

	}

	record JavaTypeProperty(JavaType value) {

	}

	record PlainObject(Object value) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	sealed interface ByName {

		@JsonTypeName("first")
		record First(int number) implements ByName {

		}

		@JsonTypeName("second")
		record Second(String text) implements ByName {

		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
	@JsonSubTypes({ @JsonSubTypes.Type(Deduced.Cat.class), @JsonSubTypes.Type(Deduced.Dog.class) })
	interface Deduced {

		record Cat(int lives) implements Deduced {

		}

		record Dog(String bark) implements Deduced {

		}

	}

	record Holder(@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXTERNAL_PROPERTY,
			property = "kind") ByName external, ByName plain) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "kind")
	@JsonTypeIdResolver(OwnNames.class)
	record ByOwnName(int number) {

	}

	static class OwnNames extends TypeIdResolverBase {

		@Override
		public String idFromValue(DatabindContext context, Object value) {
			return "own";
		}

		@Override
		public String idFromValueAndType(DatabindContext context, Object value, Class<?> type) {
			return "own";
		}

		@Override
		public @Nullable JavaType typeFromId(DatabindContext context, String id) {
			return id.equals("own") ? context.constructType(ByOwnName.class) : null;
		}

		@Override
		public JsonTypeInfo.Id getMechanism() {
			return JsonTypeInfo.Id.CUSTOM;
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "kind")
	@JsonTypeIdResolver(ResolvedClasses.class)
	static class ByResolvedClass {

	}

	static class ResolvedClasses extends TypeIdResolverBase {

		@Override
		public String idFromValue(DatabindContext context, Object value) {
			return value.getClass().getName();
		}

		@Override
		public String idFromValueAndType(DatabindContext context, Object value, Class<?> type) {
			return type.getName();
		}

		@Override
		public JavaType typeFromId(DatabindContext context, String id) {
			return context.resolveAndValidateSubType(context.constructType(ByResolvedClass.class), id,
					context.getConfig().getPolymorphicTypeValidator());
		}

		@Override
		public JsonTypeInfo.Id getMechanism() {
			return JsonTypeInfo.Id.CUSTOM;
		}

	}

	static class TypingModule extends JacksonModule {

		@Override
		public String getModuleName() {
			return "typing";
		}

		@Override
		public Version version() {
			return Version.unknownVersion();
		}

		@Override
		public void setupModule(SetupContext context) {
			((MapperBuilder<?, ?>) context.getOwner()).activateDefaultTyping(ANY, DefaultTyping.NON_FINAL);
		}

	}

}
