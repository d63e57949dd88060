package dev.pubsub.redis.codec;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.MissingPayloadException;
import dev.pubsub.redis.PayloadConversionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A reader undoes what the writer did.
 */
class RoundTripTests {

	private static final Type TEXTS = new TypeReference<Map<String, String>>() {
	}.getType();

	private static final Type ANYTHING = new TypeReference<Map<String, Object>>() {
	}.getType();

	private final PayloadCodec codec = JacksonPayloadCodec.create();

	@Test
	void fieldNames() {
		Map<String, String> names = new LinkedHashMap<>();
		List<String> odd = List.of("", " ", "_", "_x", "payload", "PAYLOAD", "a b", "a.b", "a:b", "a/b", "a\\b", "a\"b",
				"a'b", "a\nb", "a\rb", "a\tb", "\0", "\u001b[31m", "$", "#", "*", "?", "[", "]", "{", "}", "ä", "名前",
				"😀", "\u202e", "e\u0301", "0");
		assertThat(odd).hasSize(32);
		odd.forEach((name) -> names.put(name, name));

		assertThat(roundTrip(names, TEXTS)).isEqualTo(names);
	}

	@Test
	void byteValues() {
		byte[] bytes = new byte[256];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) i;
		}

		assertThat(roundTrip(bytes, byte[].class)).isEqualTo(bytes);
		assertThat(roundTrip(bytes, ByteBuffer.class)).isEqualTo(ByteBuffer.wrap(bytes));
		assertThat(roundTrip(ByteBuffer.wrap(bytes), ByteBuffer.class)).isEqualTo(ByteBuffer.wrap(bytes));
		assertThat(roundTrip(new Data(bytes), Data.class)).isInstanceOfSatisfying(Data.class,
				(data) -> assertThat(data.bytes()).isEqualTo(bytes));
		assertThat(roundTrip(Map.of("bytes", bytes), Data.class)).isInstanceOfSatisfying(Data.class,
				(data) -> assertThat(data.bytes()).isEqualTo(bytes));
	}

	@ParameterizedTest
	@ValueSource(strings = { "123456789012345.678901234567890", "0.000000000000000000000000000001",
			"-999999999999999999999999999999", "1E+30", "1.50", "0.10" })
	void decimals(String digits) {
		Amount amount = new Amount(new BigDecimal(digits), new BigDecimal(digits).toBigInteger(),
				List.of(new BigDecimal(digits)));

		assertThat(roundTrip(amount, Amount.class)).isEqualTo(amount);
		assertThat(
				roundTrip(Map.of("value", amount.value(), "whole", amount.whole(), "all", amount.all()), Amount.class))
			.isEqualTo(amount);
		assertThat(roundTrip(amount.value(), BigDecimal.class)).isEqualTo(amount.value());
	}

	@ParameterizedTest
	@MethodSource("values")
	void valuesAsPayloadAsTextAndAsField(Object value) {
		Class<?> type = typeOf(value);

		assertThat(roundTrip(value, type)).isEqualTo(value);
		assertThat(roundTrip(Map.of("k", value), mapOf(type))).isEqualTo(Map.of("k", value));
		assertThat(this.codec.decode(this.codec.encode(roundTrip(value, String.class)), type)).isEqualTo(value);
		assertThat((String) roundTrip(value, String.class)).doesNotContain("\"");
	}

	static Stream<Object> values() {
		ZonedDateTime time = ZonedDateTime.of(2026, 1, 2, 3, 4, 5, 678_901_234, ZoneOffset.UTC);
		return Stream.of(time.toInstant(), time.toLocalDate(), time.toLocalTime(), time.toLocalDateTime(),
				time.toOffsetDateTime(), time.toOffsetDateTime().toOffsetTime(), time, Duration.ofNanos(1_234_567_890L),
				Period.of(1, 2, 3), YearMonth.of(2026, 1), MonthDay.of(12, 24), Year.of(2026),
				ZoneId.of("Europe/Berlin"), ZoneOffset.ofHours(2), DayOfWeek.MONDAY, Month.MAY, Color.RED,
				UUID.fromString("123e4567-e89b-12d3-a456-426614174000"), 42, 4_000_000_000L, 1.5, true);
	}

	@Test
	void everyTypeOfJavaTimeIsAmongThem() {
		assertThat(values().<Class<?>>map(RoundTripTests::typeOf)).contains(Instant.class, LocalDate.class,
				LocalTime.class, LocalDateTime.class, OffsetDateTime.class, OffsetTime.class, ZonedDateTime.class,
				Duration.class, Period.class, YearMonth.class, MonthDay.class, Year.class, ZoneOffset.class,
				DayOfWeek.class, Month.class);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "42", "\"quoted\"", "{\"a\":1}", "[1, 2]", " { ", "true", "{", "[", "\"" })
	void textIsTextWhateverItLooksLike(String text) {
		assertThat(roundTrip(text, String.class)).isEqualTo(text);
		assertThat(roundTrip(text, CharSequence.class)).isEqualTo(text);
		assertThat(roundTrip(text, Name.class)).isEqualTo(new Name(text));
		assertThat(roundTrip(text, JsonNode.class)).isInstanceOfSatisfying(JsonNode.class,
				(node) -> assertThat(node.stringValue()).isEqualTo(text));
		assertThat(roundTrip(text, Object.class)).isEqualTo(text);
		assertThat(roundTrip(text, ANYTHING)).isEqualTo(Map.of("payload", text));
		assertThat(roundTrip(Map.of("k", text), TEXTS)).isEqualTo(Map.of("k", text));
	}

	@Test
	void textIsJsonWhereTheTypeCannotBeMadeOfText() {
		assertThat(roundTrip("{\"number\":1}", Inner.class)).isEqualTo(new Inner(1));
		assertThat(roundTrip(" [{\"number\":1}]", Inner[].class)).isEqualTo(new Inner[] { new Inner(1) });
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> roundTrip("{\"number\":", Inner.class))
			.withMessageContaining("not valid JSON");
	}

	@Test
	void streamIsWrittenAsItsElements() {
		assertThat(roundTrip(Stream.of(1, 2), int[].class)).isEqualTo(new int[] { 1, 2 });
		assertThat(roundTrip(Map.of("k", IntStream.range(0, 3)), ANYTHING)).isEqualTo(Map.of("k", List.of(0, 1, 2)));
	}

	@Test
	void everyKindOfMapHasTextsForNestedParts() {
		Map<String, String> texts = Map.of("k", "{\"number\":1}");

		assertThat(roundTrip(new Holder(new Inner(1)), new TypeReference<TreeMap<String, String>>() {
		}.getType())).isEqualTo(texts);
		assertThat(roundTrip(Map.of("k", new Inner(1)), new TypeReference<ConcurrentMap<String, String>>() {
		}.getType())).isEqualTo(texts);
	}

	@Test
	void nestedValuesOfMap() {
		Map<String, Object> map = new LinkedHashMap<>();
		map.put("text", "dog");
		map.put("list", List.of(1, "a", Map.of("b", true)));
		map.put("map", Map.of("c", List.of(), "d", 1.5));

		assertThat(roundTrip(map, ANYTHING)).isEqualTo(map);
		assertThat(roundTrip(map, Map.class)).isEqualTo(map);
		assertThat(roundTrip(map, Object.class)).isEqualTo(map);
		assertThat(roundTrip(map, TEXTS)).isEqualTo(
				Map.of("text", "dog", "list", "[1,\"a\",{\"b\":true}]", "map", this.codec.encode(map).getText("map")));
	}

	@Test
	void objectAsMapOfTexts() {
		Outer outer = new Outer("a", 1, new BigDecimal("123456789012345.678901234567890"), true, new Inner(2),
				List.of(new Inner(3)), List.of(new BigDecimal("0.100000000000000000000000000001")), null);
		Map<String, String> texts = new LinkedHashMap<>();
		texts.put("text", "a");
		texts.put("number", "1");
		texts.put("decimal", "123456789012345.678901234567890");
		texts.put("flag", "true");
		texts.put("inner", "{\"number\":2}");
		texts.put("list", "[{\"number\":3}]");
		texts.put("decimals", "[0.100000000000000000000000000001]");
		texts.put("absent", null);

		assertThat(roundTrip(outer, TEXTS)).isEqualTo(texts);
		texts.remove("absent");
		assertThat(this.codec.decode(this.codec.encode(texts), Outer.class)).isEqualTo(outer);
	}

	@Test
	void nullOfOtherProducersIsMissing() {
		EntryFields entry = EntryFields.ofText(Map.of("payload", "null", "__CONTENT_TYPE", "application/json"));

		for (Type type : List.of(String.class, Inner.class, TEXTS, ANYTHING, Object.class)) {
			assertThatExceptionOfType(MissingPayloadException.class).isThrownBy(() -> this.codec.decode(entry, type));
		}
		assertThatExceptionOfType(MissingPayloadException.class)
			.isThrownBy(() -> this.codec.decode(EntryFields.ofText(Map.of("payload", "")), Inner.class));
	}

	private Object roundTrip(Object payload, Type type) {
		return this.codec.decode(this.codec.encode(payload), type);
	}

	private static Class<?> typeOf(Object value) {
		if (value instanceof ZoneId && !(value instanceof ZoneOffset)) {
			return ZoneId.class;
		}
		return (value instanceof Enum<?> constant) ? constant.getDeclaringClass() : value.getClass();
	}

	private static Type mapOf(Class<?> value) {
		return ResolvableType.forClassWithGenerics(Map.class, String.class, value).getType();
	}

	enum Color {

		RED {
			@Override
			public String toString() {
				return "red";
			}
		}

	}

	record Name(@JsonValue String value) {

	}

	record Data(byte[] bytes) {

	}

	record Amount(BigDecimal value, BigInteger whole, List<BigDecimal> all) {

	}

	record Holder(Inner k) {

	}

	record Inner(int number) {

	}

	record Outer(String text, int number, BigDecimal decimal, boolean flag, Inner inner, List<Inner> list,
			List<BigDecimal> decimals, String absent) {

	}

}
