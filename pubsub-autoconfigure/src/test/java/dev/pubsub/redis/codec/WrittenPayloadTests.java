package dev.pubsub.redis.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.PayloadConversionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.ser.std.StdSerializer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is written is what the payload was when it was published, and can be read.
 */
class WrittenPayloadTests {

	private final PayloadCodec codec = JacksonPayloadCodec.create();

	@Test
	void bytesMayBeReusedForTheNextMessage() {
		byte[] buffer = new byte[1];
		List<EntryFields> written = new ArrayList<>();
		for (char letter : "abcd".toCharArray()) {
			buffer[0] = (byte) letter;
			written.add(this.codec.encode(buffer));
		}

		assertThat(written).extracting((fields) -> fields.getText("payload")).containsExactly("a", "b", "c", "d");
	}

	@Test
	void entryFieldsMayBeReusedForTheNextMessage() {
		byte[] name = { 'k' };
		byte[] value = { 'a' };

		EntryFields written = this.codec.encode(EntryFields.of(name, value));
		name[0] = 'x';
		value[0] = 'b';

		assertThat(written.getText("k")).isEqualTo("a");
	}

	@Test
	void allOtherPayloadsMayBeChangedToo() {
		char[] characters = { 'a' };
		ByteBuffer bytes = ByteBuffer.wrap(new byte[] { 'a' });
		StringBuilder text = new StringBuilder("a");
		Map<String, Object> map = new LinkedHashMap<>(Map.of("k", new byte[] { 'a' }));
		List<Object> payloads = List.of(characters, bytes, text, map);
		List<EntryFields> written = payloads.stream().map(this.codec::encode).toList();
		List<String> before = written.stream().map(WrittenPayloadTests::values).toList();

		characters[0] = 'b';
		bytes.put(0, (byte) 'b');
		text.append('b');
		((byte[]) map.get("k"))[0] = 'b';
		map.put("l", 1);

		assertThat(written).extracting(WrittenPayloadTests::values).isEqualTo(before);
	}

	@ParameterizedTest
	@MethodSource("payloadsWhoseJsonIsNull")
	void refusesPayloadThatWouldBeReadAsNull(Object payload) {
		assertThatExceptionOfType(PayloadConversionException.class).isThrownBy(() -> this.codec.encode(payload))
			.withMessageContaining("must not be null")
			.withMessageContaining(payload.getClass().getName());
	}

	static Stream<Object> payloadsWhoseJsonIsNull() {
		return Stream.of(Optional.empty(), new AtomicReference<>(), NullNode.getInstance());
	}

	@ParameterizedTest
	@MethodSource("payloadsWithoutContent")
	void refusesPayloadThatWouldBeWrittenWithoutItsContent(Object payload) {
		assertThatExceptionOfType(PayloadConversionException.class).isThrownBy(() -> this.codec.encode(payload))
			.withMessageContaining("publish the content");
	}

	static Stream<Object> payloadsWithoutContent() {
		return Stream.of(new ByteArrayInputStream(new byte[1]), new StringReader("a"),
				CompletableFuture.completedFuture("a"), Mono.just("a"), Map.of("k", new StringReader("a")),
				new Upload(new ByteArrayInputStream(new byte[1])));
	}

	@Test
	void writesStreamIfApplicationSaysHow() {
		JsonMapper mapper = JsonMapper.builder()
			.addModule(new SimpleModule().addSerializer(InputStream.class, new Drained()))
			.build();
		InputStream stream = new ByteArrayInputStream("hi".getBytes(StandardCharsets.US_ASCII));

		assertThat(new JacksonPayloadCodec(mapper).encode(new Upload(stream)).getText("payload"))
			.isEqualTo("{\"content\":\"hi\"}");
	}

	private static String values(EntryFields fields) {
		StringBuilder values = new StringBuilder();
		fields.forEach((name, value) -> values.append(new String(name, StandardCharsets.UTF_8))
			.append('=')
			.append(new String(value, StandardCharsets.UTF_8))
			.append(' '));
		return values.toString();
	}

	record Upload(InputStream content) {

	}

	static class Drained extends StdSerializer<InputStream> {

		Drained() {
			super(InputStream.class);
		}

		@Override
		public void serialize(InputStream value, JsonGenerator generator, SerializationContext context) {
			try {
				generator.writeString(new String(value.readAllBytes(), StandardCharsets.US_ASCII));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
