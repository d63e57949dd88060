package dev.pubsub.redis.codec;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.pubsub.redis.EntryFields;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.annotation.JsonPOJOBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Flat fields are bound as Jackson binds a JSON object.
 */
class FlatFieldsTests {

	private final PayloadCodec codec = JacksonPayloadCodec.create();

	@Test
	void fieldNamedPayloadAmongOthersIsOneOfThem() {
		EntryFields entry = fields("type", "created", "payload", "hello", "__SOURCE", "producer");

		assertThat(this.codec.decode(entry, Event.class)).isEqualTo(new Event("created", "hello"));
		assertThat(this.codec.decode(fields("type", "created", "payload", "{\"type\":\"x\",\"payload\":\"y\"}"),
				Event.class))
			.isEqualTo(new Event("created", "{\"type\":\"x\",\"payload\":\"y\"}"));
		assertThat(this.codec.decode(fields("payload", "[1]", "type", "x"), AnyEvent.class))
			.isEqualTo(new AnyEvent("x", List.of(1)));
		assertThat(this.codec.decode(entry, Map.class)).isEqualTo(Map.of("type", "created", "payload", "hello"));
		assertThat(this.codec.decode(entry, Object.class)).isEqualTo(Map.of("type", "created", "payload", "hello"));
		assertThat(this.codec.decode(entry, String.class)).isEqualTo("{\"type\":\"created\",\"payload\":\"hello\"}");
		assertThat((byte[]) this.codec.decode(entry, byte[].class)).asString()
			.isEqualTo("{\"type\":\"created\",\"payload\":\"hello\"}");
	}

	@Test
	void fieldNamedPayloadIsWholeWhenAloneOrWhenItsTypeIsDeclared() {
		String json = "{\"type\":\"created\",\"payload\":\"hello\"}";
		Event event = new Event("created", "hello");

		assertThat(this.codec.decode(fields("payload", json), Event.class)).isEqualTo(event);
		assertThat(this.codec.decode(fields("payload", json, "__SOURCE", "x", "__H_a", "b"), Event.class))
			.isEqualTo(event);
		assertThat(this.codec.decode(fields("payload", json, "trace", "1", "__CONTENT_TYPE", "application/json"),
				Event.class))
			.isEqualTo(event);
	}

	@Test
	void bindsToNamedSubtype() {
		assertThat(this.codec.decode(fields("type", "square", "side", "2", "tags", "[\"a\"]"), Shape.class))
			.isEqualTo(new Shape.Square(2, List.of("a")));
		assertThat(this.codec.decode(fields("type", "label", "tags", "[\"a\"]", "at", "{\"x\":1}"), Shape.class))
			.isEqualTo(new Shape.Label("[\"a\"]", new Point(1)));
	}

	@Test
	void bindsToSubtypeThatIsDeducedOrWrapped() {
		assertThat(this.codec.decode(fields("lives", "9", "kittens", "[{\"x\":1}]"), Deduced.class))
			.isEqualTo(new Deduced.Cat(9, List.of(new Point(1))));
		assertThat(this.codec.decode(fields("dog", "{\"bark\":\"loud\"}"), Wrapped.class))
			.isEqualTo(new Wrapped.Dog("loud"));
	}

	@Test
	void bindsPayloadWhoseTypeAnotherFieldNames() {
		assertThat(this.codec.decode(fields("type", "square", "payload", "{\"side\":\"3\",\"tags\":[]}"),
				ShapeEvent.class))
			.isEqualTo(new ShapeEvent(new Shape.Square(3, List.of())));
	}

	@Test
	void bindsUnwrappedProperties() {
		EntryFields entry = fields("id", "1", "home_city", "[\"Rome\"]", "home_points", "[{\"x\":4}]");

		assertThat(this.codec.decode(entry, Person.class)).isInstanceOfSatisfying(Person.class, (person) -> {
			assertThat(person.id).isEqualTo(1);
			assertThat(person.home.city).isEqualTo("[\"Rome\"]");
			assertThat(person.home.points).containsExactly(new Point(4));
		});
	}

	@Test
	void bindsOtherFieldsAsTheirSetterWants() {
		assertThat(this.codec.decode(fields("id", "1", "a", "[1]"), TextExtras.class))
			.isInstanceOfSatisfying(TextExtras.class, (it) -> assertThat(it.extras).isEqualTo(Map.of("a", "[1]")));
		assertThat(this.codec.decode(fields("id", "1", "a", "[1]"), AnyExtras.class))
			.isInstanceOfSatisfying(AnyExtras.class, (it) -> assertThat(it.extras).isEqualTo(Map.of("a", List.of(1))));
	}

	@Test
	void bindsThroughBuilderDelegateAndNames() {
		assertThat(this.codec.decode(fields("text", "[1]", "numbers", "[1]"), Built.class))
			.isEqualTo(new Built("[1]", List.of(1)));
		assertThat(this.codec.decode(fields("x", "7"), Delegating.class)).isEqualTo(new Delegating(new Point(7)));
		assertThat(this.codec.decode(fields("last_points", "[{\"x\":1}]", "nick", "{}"), Named.class))
			.isEqualTo(new Named(List.of(new Point(1)), "{}"));
		assertThat(this.codec.decode(fields("TEXT", "[1]", "Points", "[{\"x\":1}]"), AnyCase.class))
			.isEqualTo(new AnyCase("[1]", List.of(new Point(1))));
		assertThat(this.codec.decode(fields("x", "1"), new TypeReference<Optional<Point>>() {
		}.getType())).isEqualTo(Optional.of(new Point(1)));
		assertThat(this.codec.decode(fields("x", "[1]", "y", "2"), JsonNode.class))
			.hasToString("{\"x\":[1],\"y\":\"2\"}");
	}

	@Test
	void keepsEveryDigitOfNestedNumbers() {
		String digits = "123456789012345.678901234567890";

		assertThat(this.codec.decode(fields("prices", "[" + digits + "]"), Prices.class))
			.isEqualTo(new Prices(List.of(new BigDecimal(digits))));
	}

	@Test
	void textThatOnlyLooksLikeJsonStaysText() {
		Map<String, Object> read = read(fields("a", "[not json", "b", "[1] and more", "c", "{}", "d", "[1,{}]"));

		assertThat(read)
			.isEqualTo(Map.of("a", "[not json", "b", "[1] and more", "c", Map.of(), "d", List.of(1, Map.of())));
	}

	@SuppressWarnings("unchecked")
	private Map<String, Object> read(EntryFields entry) {
		return (Map<String, Object>) this.codec.decode(entry, new TypeReference<Map<String, Object>>() {
		}.getType());
	}

	private static EntryFields fields(String... namesAndValues) {
		Map<String, String> fields = new LinkedHashMap<>();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			fields.put(namesAndValues[i], namesAndValues[i + 1]);
		}
		return EntryFields.ofText(fields);
	}

	record Event(String type, String payload) {

	}

	record AnyEvent(String type, Object payload) {

	}

	record Point(int x) {

	}

	record Prices(List<BigDecimal> prices) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	sealed interface Shape {

		@JsonTypeName("square")
		record Square(int side, List<String> tags) implements Shape {

		}

		@JsonTypeName("label")
		record Label(String tags, Point at) implements Shape {

		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
	@JsonSubTypes({ @JsonSubTypes.Type(Deduced.Cat.class), @JsonSubTypes.Type(Deduced.Dog.class) })
	interface Deduced {

		record Cat(int lives, List<Point> kittens) implements Deduced {

		}

		record Dog(String bark) implements Deduced {

		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
	@JsonSubTypes(@JsonSubTypes.Type(value = Wrapped.Dog.class, name = "dog"))
	interface Wrapped {

		record Dog(String bark) implements Wrapped {

		}

	}

	record ShapeEvent(@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXTERNAL_PROPERTY,
			property = "type") Shape payload) {

	}

	static class Person {

		public int id;

		@JsonUnwrapped(prefix = "home_")
		public Address home;

	}

	static class Address {

		public String city;

		public List<Point> points;

	}

	static class TextExtras {

		public int id;

		@JsonAnySetter
		public Map<String, String> extras = new LinkedHashMap<>();

	}

	static class AnyExtras {

		public int id;

		private final Map<String, Object> extras = new LinkedHashMap<>();

		@JsonAnySetter
		public void set(String name, Object value) {
			this.extras.put(name, value);
		}

	}

	@JsonDeserialize(builder = Builder.class)
	record Built(String text, List<Integer> numbers) {

	}

	@JsonPOJOBuilder
	static class Builder {

		private String text;

		private List<Integer> numbers;

		public Builder withText(String text) {
			this.text = text;
			return this;
		}

		public Builder withNumbers(List<Integer> numbers) {
			this.numbers = numbers;
			return this;
		}

		public Built build() {
			return new Built(this.text, this.numbers);
		}

	}

	record Delegating(Point point) {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Delegating {
		}

	}

	@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
	record Named(List<Point> lastPoints, @JsonAlias("nick") String nickName) {

	}

	@JsonFormat(with = JsonFormat.Feature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
	record AnyCase(String text, List<Point> points) {

	}

}
