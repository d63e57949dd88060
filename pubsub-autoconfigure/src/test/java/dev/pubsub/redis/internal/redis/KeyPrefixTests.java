package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import io.lettuce.core.cluster.SlotHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class KeyPrefixTests {

	private final KeyPrefix prefix = KeyPrefix.of("eu:");

	@ParameterizedTest
	@CsvSource({ "orders, eu:orders", "{orders}:dlq, {eu:orders}:dlq", "{orders}, {eu:orders}", "a{b}c, eu:a{b}c",
			"{}x, eu:{}x", "{x, eu:{x", "ä, eu:ä" })
	void goesInFrontOfTheNameOrIntoTheHashTagThatItStartsWith(String name, String key) {
		assertThat(text(this.prefix.key(bytes(name)))).isEqualTo(key);
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders", "{orders}", "a{b}c", "{a}b", "orders.eu", "ä", "x{y}z{q}" })
	void leavesAStreamInOneSlotWithWhatLiesBesideIt(String stream) {
		for (String suffix : new String[] { ":dlq", ":cron", ":idmp:42" }) {
			assertThat(slot(RedisKeys.beside(stream, suffix))).isEqualTo(slot(stream));
		}
	}

	@Test
	void isGivenToKeysWhenTheyAreEncodedAndToNothingElse() {
		KeyArguments arguments = new KeyArguments();
		arguments.addKey(bytes("orders")).add("orders");
		EntryArguments entry = new EntryArguments(bytes("{orders}:dlq"), List.of(bytes("orders")));

		arguments.setPrefix(this.prefix);
		entry.setPrefix(this.prefix);

		assertThat(StandardCharsets.UTF_8.decode(arguments.getFirstEncodedKey()).toString()).isEqualTo("eu:orders");
		assertThat(arguments.toCommandString()).isEqualTo("key<eu:orders> orders");
		assertThat(StandardCharsets.UTF_8.decode(entry.getFirstEncodedKey()).toString()).isEqualTo("{eu:orders}:dlq");
	}

	@Test
	void refusesWhatWouldTakeHashTagsApart() {
		for (String wrong : new String[] { "{eu}:", "eu}", "e u", "eu\n", "x".repeat(129) }) {
			assertThatIllegalArgumentException().isThrownBy(() -> KeyPrefix.of(wrong))
				.withMessageStartingWith("'keyPrefix' must have ");
		}
		assertThat(KeyPrefix.of("")).isSameAs(KeyPrefix.NONE);
	}

	private int slot(String name) {
		return SlotHash.getSlot(ByteBuffer.wrap(this.prefix.key(bytes(name))));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

}
