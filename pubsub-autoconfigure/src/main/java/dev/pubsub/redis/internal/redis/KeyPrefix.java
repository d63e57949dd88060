package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.lettuce.core.codec.RedisCodec;

import org.springframework.util.Assert;

/**
 * What the keys of one environment start with on a server that several share. A name has
 * no prefix anywhere but in the commands that are sent: this is the one place that turns
 * a name into a key. Where a name starts with a hash tag the prefix goes inside it, so
 * that a stream and {@linkplain RedisKeys#beside what lies beside it} stay in one slot:
 * {@code orders} and <code>{orders}:dlq</code> become {@code eu:orders} and
 * <code>{eu:orders}:dlq</code>.
 */
public final class KeyPrefix {

	/**
	 * No prefix.
	 */
	public static final KeyPrefix NONE = new KeyPrefix("");

	private static final int LONGEST = 128;

	private final byte[] prefix;

	private KeyPrefix(String prefix) {
		Assert.isTrue(prefix.length() <= LONGEST,
				() -> "'keyPrefix' must have at most " + LONGEST + " characters, had " + prefix.length());
		Assert.isTrue(prefix.chars().noneMatch((c) -> c == '{' || c == '}' || c <= ' ' || c == 0x7f),
				() -> "'keyPrefix' must have no brace, space or control character, was \"" + prefix + "\"");
		this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Return a prefix.
	 * @param prefix the text, empty for none
	 * @return the prefix
	 * @throws IllegalArgumentException if it has a brace, a space or a control character
	 */
	public static KeyPrefix of(String prefix) {
		return prefix.isEmpty() ? NONE : new KeyPrefix(prefix);
	}

	boolean isEmpty() {
		return this.prefix.length == 0;
	}

	/**
	 * Give the keys of a command this prefix, before it is sent.
	 */
	void applyTo(RedisRequest<?> request) {
		if (isEmpty()) {
			return;
		}
		if (request.arguments() instanceof KeyArguments arguments) {
			arguments.setPrefix(this);
		}
		else if (request.arguments().getFirstEncodedKey() != null) {
			throw new IllegalArgumentException("The keys of " + request.keyword() + " take no prefix");
		}
	}

	/**
	 * Return the key with the given name.
	 */
	byte[] key(byte[] name) {
		int start = startsWithHashTag(name) ? 1 : 0;
		byte[] key = new byte[this.prefix.length + name.length];
		System.arraycopy(name, 0, key, 0, start);
		System.arraycopy(this.prefix, 0, key, start, this.prefix.length);
		System.arraycopy(name, start, key, start + this.prefix.length, name.length - start);
		return key;
	}

	/**
	 * Return the key with the given name.
	 */
	String key(String name) {
		return isEmpty() ? name : new String(key(name.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
	}

	private static boolean startsWithHashTag(byte[] name) {
		if (name.length < 3 || name[0] != '{' || name[1] == '}') {
			return false;
		}
		for (int i = 2; i < name.length; i++) {
			if (name[i] == '}') {
				return true;
			}
		}
		return false;
	}

	/**
	 * Encodes the keys of one command, with the prefix of the link that sends it.
	 */
	static final class Codec implements RedisCodec<byte[], byte[]> {

		private KeyPrefix prefix = NONE;

		void setPrefix(KeyPrefix prefix) {
			this.prefix = prefix;
		}

		@Override
		public ByteBuffer encodeKey(byte[] name) {
			return ByteBuffer.wrap(this.prefix.isEmpty() ? name : this.prefix.key(name));
		}

		@Override
		public ByteBuffer encodeValue(byte[] value) {
			return ByteBuffer.wrap(value);
		}

		@Override
		public byte[] decodeKey(ByteBuffer bytes) {
			return decodeValue(bytes);
		}

		@Override
		public byte[] decodeValue(ByteBuffer bytes) {
			byte[] value = new byte[bytes.remaining()];
			bytes.get(value);
			return value;
		}

	}

}
