package dev.pubsub.redis.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.lettuce.core.protocol.CommandArgs;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class EntryArgumentsTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 9, 10, 99, 100, 12345 })
	void writesTheSameBytesAsTheDriver(int length) {
		byte[] key = "orders".getBytes(StandardCharsets.UTF_8);
		byte[] value = new byte[length];
		CommandArgs<byte[], byte[]> expected = Requests.arguments().addKey(key).add(key).add(value);

		EntryArguments arguments = new EntryArguments(key, List.of(key, value));

		assertThat(arguments.count()).isEqualTo(expected.count());
		assertThat(encoded(arguments)).isEqualTo(encoded(expected));
		assertThat(arguments.getFirstEncodedKey()).isEqualTo(expected.getFirstEncodedKey());
	}

	private static ByteBuf encoded(CommandArgs<byte[], byte[]> arguments) {
		ByteBuf buffer = Unpooled.buffer();
		arguments.encode(buffer);
		return buffer;
	}

}
