package dev.pubsub.redis.internal.redis;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import dev.pubsub.redis.Delivery;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.PubSubException;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.codec.JacksonPayloadCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.protocol.RedisStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;

import org.springframework.core.ResolvableType;
import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Feeds what comes over the wire to what reads it: replies, entries and payloads. The
 * fuzzer calls {@link #fuzzerTestOneInput} with data that it chooses by the branches that
 * earlier data took; each exception that escapes is a finding.
 */
public final class WireFuzzer {

	private static final JacksonPayloadCodec CODEC = JacksonPayloadCodec.create();

	private static final List<Type> TYPES = List.of(Order.class, Shape.class, String.class, byte[].class, Integer.class,
			Instant.class, Kind.class, Object.class,
			ResolvableType.forClassWithGenerics(List.class, Order.class).getType(),
			ResolvableType.forClassWithGenerics(Map.class, String.class, Object.class).getType(),
			ResolvableType.forClassWithGenerics(Map.class, String.class, String.class).getType());

	private static final List<String> NAMES = List.of("payload", "name", "amount", "lines", "", "__CONTENT_TYPE",
			"__PUBLISH_TIME", "__SOURCE", "__H_x", "__H_", "__DLQ_ID", "@class", "@type", "kind", "lines[0].name");

	private WireFuzzer() {
	}

	/**
	 * Load what takes long to load, which would count as the time of an input.
	 */
	public static void fuzzerInitialize() {
		EntryFields fields = CODEC.encode(new Order("dog", 1, List.of()));
		require(CODEC.decode(fields, Order.class) != null, "No payload");
	}

	/**
	 * Try one input.
	 * @param data chosen by the fuzzer
	 */
	public static void fuzzerTestOneInput(FuzzedDataProvider data) {
		switch (data.consumeInt(0, 4)) {
			case 0 -> anyReply(data);
			case 1 -> wellFormedReply(data);
			case 2 -> anyEntry(data);
			case 3 -> roundTrip(data);
			default -> anyId(data);
		}
	}

	/**
	 * Bytes that are no reply fail the command, whatever they are.
	 */
	private static void anyReply(FuzzedDataProvider data) {
		boolean claims = data.consumeBoolean();
		EntryId id = new EntryId(1, 0);
		CommandOutput<byte[], byte[], ?> output = switch (data.consumeInt(0, 3)) {
			case 0 -> EntryListOutput.entries();
			case 1 -> EntryListOutput.namedEntries(data.consumeInt(0, 1000));
			case 2 -> new EntryIdOutput();
			default ->
				new TreeOutput<Object>((reply) -> claims ? TakenEntry.listOf(reply, List.of(id)) : GivenUp.of(reply));
		};
		byte[] bytes = data.consumeRemainingAsBytes();
		if (hasHugeLength(bytes)) {
			return;
		}
		try {
			if (decode(output, bytes, bytes.length)) {
				output.get();
			}
		}
		catch (RuntimeException ex) {
			// As it should be, from the driver or from us: the command fails, and its
			// connection ends. An error would not do.
		}
	}

	/**
	 * What the driver itself allocates by a length is not ours to fuzz.
	 */
	private static boolean hasHugeLength(byte[] bytes) {
		int digits = 0;
		for (byte one : bytes) {
			digits = (one >= '0' && one <= '9') ? digits + 1 : 0;
			if (digits > 4) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Entries come out as they went in, wherever the network cuts the reply.
	 */
	private static void wellFormedReply(FuzzedDataProvider data) {
		boolean resp3 = data.consumeBoolean();
		int mostBytes = data.consumeBoolean() ? Integer.MAX_VALUE : data.consumeInt(0, 2000);
		int cut = data.consumeInt(1, 64);
		List<byte[][]> entries = new ArrayList<>();
		int count = data.consumeInt(0, 6);
		for (int i = 0; i < count; i++) {
			byte[][] fields = new byte[2 * data.consumeInt(0, 4)][];
			for (int j = 0; j < fields.length; j++) {
				fields[j] = data.consumeBytes(20);
			}
			entries.add(fields);
		}
		ByteArrayOutputStream reply = new ByteArrayOutputStream();
		write(reply, resp3 ? "%1\r\n" : "*1\r\n*2\r\n");
		bulk(reply, "orders".getBytes(StandardCharsets.UTF_8));
		write(reply, "*" + count + "\r\n");
		for (int i = 0; i < count; i++) {
			write(reply, "*2\r\n");
			bulk(reply, (i + "-" + i).getBytes(StandardCharsets.UTF_8));
			write(reply, "*" + entries.get(i).length + "\r\n");
			for (byte[] text : entries.get(i)) {
				bulk(reply, text);
			}
		}
		EntryListOutput output = EntryListOutput.namedEntries(mostBytes);
		require(decode(output, reply.toByteArray(), cut), "The reply is not complete");
		compare(entries, output.get(), mostBytes);
	}

	private static void compare(List<byte[][]> expected, List<StreamEntry> read, long mostBytes) {
		require(expected.size() == read.size(), "Another number of entries");
		long kept = 0;
		for (int i = 0; i < read.size(); i++) {
			StreamEntry entry = read.get(i);
			require(entry.id().equals(new EntryId(i, i)), "Another id");
			EntryFields fields = entry.fields();
			if (fields == null) {
				require(entry.isLeftOut() && i > 0 && kept + entry.bytes() > mostBytes, "Left out for no reason");
				continue;
			}
			kept += entry.bytes();
			require(i == 0 || kept <= mostBytes || entry.bytes() == 0, "More kept than allowed");
			List<byte[]> texts = new ArrayList<>();
			fields.forEach((name, value) -> texts.addAll(List.of(name, value)));
			require(Arrays.deepEquals(texts.toArray(), expected.get(i)), "Other fields");
		}
	}

	/**
	 * An entry can be read, or says why not with an exception of the library.
	 */
	private static void anyEntry(FuzzedDataProvider data) {
		EntryFields.Builder builder = EntryFields.builder();
		int count = data.consumeInt(0, 6);
		Type type = data.pickValue(TYPES);
		for (int i = 0; i < count; i++) {
			byte[] name = data.consumeBoolean() ? data.pickValue(NAMES).getBytes(StandardCharsets.UTF_8)
					: data.consumeBytes(20);
			builder.add(name, data.consumeBytes(data.consumeInt(0, 300)));
		}
		EntryFields fields = builder.build();
		StreamMessage<EntryFields> message = StreamMessage.of(fields,
				Delivery.of(RecordId.of("1-1"), "orders", "billing", "test"));
		require(message.headers() != null && message.publishTime() != null, "No headers or time");
		require(!message.toString().isEmpty() && !fields.toString().isEmpty(), "No text");
		message.source();
		try {
			Object payload = CODEC.decode(fields, type);
			require(payload != null, "No payload");
		}
		catch (PubSubException ex) {
			require(String.valueOf(ex.getMessage()).length() < 10_000, "A long message");
		}
	}

	private static void roundTrip(FuzzedDataProvider data) {
		Order order = new Order(data.consumeString(20), data.consumeRegularDouble(),
				List.of(data.consumeString(10), data.consumeString(10)));
		require(CODEC.decode(CODEC.encode(order), Order.class).equals(order), "Another order");
		String text = data.consumeString(50);
		if (!text.isEmpty()) {
			require(CODEC.decode(CODEC.encode(text), String.class).equals(text), "Another text");
		}
	}

	private static void anyId(FuzzedDataProvider data) {
		EntryId id = new EntryId(data.consumeLong(), data.consumeLong());
		require(EntryId.parse(id.toBytes()).equals(id), "Another id");
		require(id.toRecordId().getValue().equals(id.toString()), "Another record id");
		require(id.equals(EntryId.ZERO) || id.previous().compareTo(id) < 0, "Not the one before");
		try {
			EntryId.parse(data.consumeRemainingAsBytes());
		}
		catch (IllegalArgumentException ex) {
			// As it should be.
		}
	}

	@SuppressWarnings("deprecation") // Lettuce 6 has no other constructor
	private static boolean decode(CommandOutput<byte[], byte[], ?> output, byte[] reply, int cut) {
		RedisStateMachine machine = new RedisStateMachine(UnpooledByteBufAllocator.DEFAULT);
		machine.setProtocolVersion(ProtocolVersion.RESP3);
		ByteBuf buffer = Unpooled.buffer();
		boolean complete = false;
		for (int from = 0; from < reply.length && !complete; from += cut) {
			buffer.writeBytes(reply, from, Math.min(cut, reply.length - from));
			complete = machine.decode(buffer, output);
		}
		machine.close();
		return complete;
	}

	private static void bulk(ByteArrayOutputStream reply, byte[] bytes) {
		write(reply, "$" + bytes.length + "\r\n");
		reply.writeBytes(bytes);
		write(reply, "\r\n");
	}

	private static void write(ByteArrayOutputStream reply, String text) {
		reply.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
	}

	private static void require(boolean condition, String otherwise) {
		if (!condition) {
			throw new AssertionError(otherwise);
		}
	}

	/**
	 * What a message may be.
	 *
	 * @param name a text
	 * @param amount a number
	 * @param lines a list
	 */
	record Order(String name, double amount, List<String> lines) {

	}

	/**
	 * What a message may be one of.
	 */
	enum Kind {

		ROUND, SQUARE

	}

	/**
	 * Something with nested parts.
	 *
	 * @param kind one of few
	 * @param order another object
	 * @param parts shapes again
	 * @param at a time
	 */
	record Shape(Kind kind, Order order, List<Shape> parts, Instant at) {

	}

}
