package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A text that mostly comes many times in a row in one reply: all of them share one
 * object. For one thread at a time.
 */
final class RepeatedText {

	private byte[] bytes = new byte[0];

	private String text = "";

	/**
	 * Read the next one.
	 * @param next its bytes
	 */
	String next(ByteBuffer next) {
		if (!ByteBuffer.wrap(this.bytes).equals(next)) {
			byte[] read = new byte[next.remaining()];
			next.get(read);
			this.bytes = read;
			this.text = new String(read, StandardCharsets.UTF_8);
		}
		return this.text;
	}

	/**
	 * Return the last one that was read.
	 */
	String last() {
		return this.text;
	}

}
