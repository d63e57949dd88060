package dev.pubsub.redis.codec;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.UnreadableTypeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.StringNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JacksonPayloadCodecTests {

	private final PayloadCodec codec = JacksonPayloadCodec.create();

	@Test
	void classWhoseConstructorsJacksonCannotChooseFromIsSaidToBeSo() {
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.codec.decode(EntryFields.ofText(Map.of("name", "s3cret")), TwoConstructors.class))
			.withMessageContaining("no constructor to give the fields to")
			.withMessageNotContaining("s3cret");
	}

	@Test
	void typeThatNothingCanBecomeIsSaidToBeAtFaultWithoutQuotingTheEntry() {
		EntryFields fields = EntryFields.ofText(Map.of("length", "s3cret"));

		assertThatExceptionOfType(UnreadableTypeException.class)
			.isThrownBy(() -> this.codec.decode(fields, Readable.class))
			.withMessageContaining("java.lang.Readable")
			.withMessageContaining("abstract types either need to be mapped to concrete types")
			.withMessageNotContaining("s3cret");
	}

	@Test
	void writesMapAsFlatFields() {
		Map<String, Object> payload = new LinkedHashMap<>();
		payload.put("text", "dog");
		payload.put("number", 4);
		payload.put("decimal", new BigDecimal("1.50"));
		payload.put("flag", true);
		payload.put("absent", null);
		payload.put("list", List.of(1, 2));
		payload.put("day", LocalDate.of(2026, 1, 2));
		payload.put("color", Color.RED);

		assertThat(texts(this.codec.encode(payload))).containsExactly("text=dog", "number=4", "decimal=1.50",
				"flag=true", "list=[1,2]", "day=2026-01-02", "color=RED");
	}

	@Test
	void writesMapValueWhoseJsonIsTextAsThatText() {
		Map<String, Object> payload = new LinkedHashMap<>();
		payload.put("bytes", new byte[] { 1, 2, 3, 4 });
		payload.put("optional", Optional.of("dog"));
		payload.put("number", Optional.of(4));
		payload.put("quoted", Optional.of("a \"b\"\n"));
		payload.put("path", Path.of("/a"));
		payload.put("node", StringNode.valueOf("cat"));

		assertThat(texts(this.codec.encode(payload))).containsExactly("bytes=AQIDBA==", "optional=dog", "number=4",
				"quoted=a \"b\"\n", "path=file:///a", "node=cat");
	}

	@Test
	void leavesOutMapValueWhoseJsonIsNull() {
		Map<String, Object> payload = new LinkedHashMap<>();
		payload.put("optional", Optional.empty());
		payload.put("reference", new AtomicReference<>());
		payload.put("node", NullNode.getInstance());
		payload.put("nested", Map.of("optional", Optional.empty()));

		assertThat(texts(this.codec.encode(payload))).containsExactly("nested={\"optional\":null}");
	}

	@Test
	void bindsMapWithBytesAndOptionals() {
		byte[] data = { 0, '{', (byte) 0xff, 4 };
		Map<String, Object> payload = Map.of("data", data, "name", Optional.empty(), "nick", Optional.empty());

		assertThat(roundTrip(payload, Photo.class)).isInstanceOfSatisfying(Photo.class, (photo) -> {
			assertThat(photo.data()).isEqualTo(data);
			assertThat(photo.name()).isNull();
			assertThat(photo.nick()).isEmpty();
		});
		assertThat(roundTrip(Map.of("nick", Optional.of("rex")), Photo.class)).isInstanceOfSatisfying(Photo.class,
				(photo) -> assertThat(photo.nick()).contains("rex"));
	}

	@Test
	void writesTextBytesAndObjects() {
		assertThat(texts(this.codec.encode("hi"))).containsExactly("payload=hi", "__CONTENT_TYPE=text/plain");
		assertThat(texts(this.codec.encode(new byte[] { 'h' }))).containsExactly("payload=h",
				"__CONTENT_TYPE=application/octet-stream");
		assertThat(texts(this.codec.encode(new Item("apple", 2))))
			.containsExactly("payload={\"name\":\"apple\",\"quantity\":2}", "__CONTENT_TYPE=application/json");
	}

	@Test
	void refusesReservedKeyByName() {
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.codec.encode(Map.of("__SOURCE", "s3cret")))
			.withMessageContaining("__SOURCE")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3cret"));
	}

	@Test
	void refusesNull() {
		assertThatExceptionOfType(PayloadConversionException.class).isThrownBy(() -> this.codec.encode(null))
			.withMessageContaining("null");
	}

	@Test
	void saysWhatCannotBeWritten() {
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.codec.encode(new SelfContained()))
			.withMessageContaining("SelfContained");
	}

	@Test
	void readsWhatItWrote() {
		Order order = new Order(42, "ann", LocalDate.of(2026, 1, 2), Color.RED, true, List.of(new Item("apple", 2)),
				Map.of("k", 1L));

		assertThat(roundTrip(order, Order.class)).isEqualTo(order);
		assertThat(roundTrip("hi", String.class)).isEqualTo("hi");
		assertThat(roundTrip(new byte[] { 1, (byte) 0xff }, byte[].class)).isEqualTo(new byte[] { 1, (byte) 0xff });
		assertThat(roundTrip(List.of(new Item("a", 1)), new TypeReference<List<Item>>() {
		}.getType())).isEqualTo(List.of(new Item("a", 1)));
		assertThat(roundTrip(7, Integer.class)).isEqualTo(7);
		assertThat(roundTrip(Map.of("a", "b"), new TypeReference<Map<String, String>>() {
		}.getType())).isEqualTo(Map.of("a", "b"));
		assertThat(roundTrip(Map.of("a", 1), new TypeReference<Map<String, Integer>>() {
		}.getType())).isEqualTo(Map.of("a", 1));
	}

	@Test
	void bindsFlatFieldsByName() {
		EntryFields fields = fields("id", "42", "customer", "ann", "day", "2026-01-02", "color", "RED", "express",
				"true", "items", "[{\"name\":\"apple\",\"quantity\":\"2\"}]", "extras", "{\"k\":1}", "unknown", "x",
				"__SOURCE", "producer");

		assertThat(this.codec.decode(fields, Order.class)).isEqualTo(new Order(42, "ann", LocalDate.of(2026, 1, 2),
				Color.RED, true, List.of(new Item("apple", 2)), Map.of("k", 1L)));
	}

	@Test
	void keepsTextThatLooksLikeJsonWhereTextIsWanted() {
		assertThat(this.codec.decode(fields("name", "{\"a\":1}", "quantity", "1"), Item.class))
			.isEqualTo(new Item("{\"a\":1}", 1));
	}

	@Test
	void bindsFlatFieldsToBean() {
		assertThat(this.codec.decode(fields("name", "dog", "legs", "4"), Animal.class))
			.isInstanceOfSatisfying(Animal.class, (animal) -> {
				assertThat(animal.name).isEqualTo("dog");
				assertThat(animal.legs).isEqualTo(4);
			});
	}

	@Test
	void leavesReservedFieldsOutOfMap() {
		EntryFields fields = fields("name", "dog", "__PUBLISH_TIME", "1", "__SOURCE", "producer", "__H_a", "b");

		assertThat(this.codec.decode(fields, Map.class)).isEqualTo(Map.of("name", "dog"));
		assertThat(this.codec.decode(fields, Object.class)).isEqualTo(Map.of("name", "dog"));
		assertThat(this.codec.decode(fields, String.class)).isEqualTo("{\"name\":\"dog\"}");
		assertThat(this.codec.decode(fields, EntryFields.class)).isSameAs(fields);
	}

	@Test
	void readsJsonObjectAsMapWhenItSaysSo() {
		EntryFields fields = this.codec.encode(new Item("apple", 2));

		assertThat(this.codec.decode(fields, Map.class)).isEqualTo(Map.of("name", "apple", "quantity", 2));
	}

	@Test
	void readsPayloadFieldOfOtherProducers() {
		UUID id = UUID.randomUUID();

		assertThat(this.codec.decode(fields("payload", "{\"name\":\"apple\",\"quantity\":2}"), Item.class))
			.isEqualTo(new Item("apple", 2));
		assertThat(this.codec.decode(fields("payload", "RED"), Color.class)).isEqualTo(Color.RED);
		assertThat(this.codec.decode(fields("payload", "42"), Long.class)).isEqualTo(42L);
		assertThat(this.codec.decode(fields("payload", id.toString()), UUID.class)).isEqualTo(id);
		assertThat(this.codec.decode(fields("payload", "2026-01-02T03:04:05Z"), Instant.class))
			.isEqualTo(Instant.parse("2026-01-02T03:04:05Z"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"name\":\"s3cret\",\"quantity\":\"s3cret\"}", "{s3cret", "[\"s3cret\"]", "\"s3cret\"",
			"null", "{\"name\":{\"s3cret\":1}}" })
	void neverQuotesFromWhatItCannotRead(String json) {
		EntryFields fields = fields("payload", json, "__CONTENT_TYPE", "application/json");

		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.codec.decode(fields, Item.class))
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3cret"))
			.withNoCause();
	}

	@Test
	void neverQuotesFromFlatFieldsEither() {
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.codec.decode(fields("name", "x", "quantity", "s3cret"), Item.class))
			.withMessageContaining("quantity")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("s3cret"));
	}

	@Test
	void ignoresClassNamesInMessages() {
		JsonMapper trusting = JsonMapper.builder()
			.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfSubType(Object.class).build(),
					DefaultTyping.NON_FINAL)
			.enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
			.build();
		PayloadCodec guarded = new JacksonPayloadCodec(trusting);
		EntryFields named = fields("payload", "{\"@class\":\"java.util.ArrayList\",\"a\":1}", "__CONTENT_TYPE",
				"application/json");

		assertThat(guarded.decode(named, Object.class)).isEqualTo(Map.of("@class", "java.util.ArrayList", "a", 1));
		assertThat(guarded.decode(fields("@class", "x", "_class", "y", "name", "a", "quantity", "1"), Item.class))
			.isEqualTo(new Item("a", 1));
		assertThat(texts(guarded.encode(new Item("a", 1))).get(0)).doesNotContain("Item");
	}

	@Test
	void refusesDocumentsThatAreTooDeep() {
		EntryFields deep = fields("payload", "[".repeat(5000) + "]".repeat(5000), "__CONTENT_TYPE", "application/json");

		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.codec.decode(deep, Object.class));
	}

	private Object roundTrip(Object payload, Type type) {
		return this.codec.decode(this.codec.encode(payload), type);
	}

	private static EntryFields fields(String... namesAndValues) {
		EntryFields.Builder fields = EntryFields.builder();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			fields.add(namesAndValues[i], namesAndValues[i + 1]);
		}
		return fields.build();
	}

	private static List<String> texts(EntryFields fields) {
		List<String> texts = new ArrayList<>();
		fields.forEach((name, value) -> texts
			.add(new String(name, StandardCharsets.UTF_8) + "=" + new String(value, StandardCharsets.UTF_8)));
		return texts;
	}

	enum Color {

		RED, GREEN

	}

	record Item(String name, int quantity) {

	}

	record Photo(byte[] data, String name, Optional<String> nick) {

	}

	record Order(int id, String customer, LocalDate day, Color color, boolean express, List<Item> items,
			Map<String, Long> extras) {

	}

	static class Animal {

		private String name;

		private int legs;

		public void setName(String name) {
			this.name = name;
		}

		public void setLegs(int legs) {
			this.legs = legs;
		}

	}

	static class TwoConstructors {

		private final String name;

		private final int legs;

		public TwoConstructors(String name) {
			this(name, 4);
		}

		public TwoConstructors(String name, int legs) {
			this.name = name;
			this.legs = legs;
		}

		@Override
		public String toString() {
			return this.name + this.legs;
		}

	}

	static class SelfContained {

		public SelfContained getSelf() {
			return this;
		}

	}

}
