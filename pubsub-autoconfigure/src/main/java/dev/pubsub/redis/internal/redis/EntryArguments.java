package dev.pubsub.redis.internal.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;

/**
 * A key and many raw arguments, written straight to the wire: the driver would make an
 * object of each. What it prints when it logs commands is the key only.
 */
final class EntryArguments extends KeyArguments {

	private static final byte[] LINE_END = { '\r', '\n' };

	private final List<byte[]> rest;

	EntryArguments(byte[] key, List<byte[]> rest) {
		addKey(key);
		this.rest = rest;
	}

	@Override
	public int count() {
		return super.count() + this.rest.size();
	}

	@Override
	public void encode(ByteBuf buffer) {
		super.encode(buffer);
		for (byte[] argument : this.rest) {
			buffer.writeByte('$');
			writeLength(buffer, argument.length);
			buffer.writeBytes(LINE_END);
			buffer.writeBytes(argument);
			buffer.writeBytes(LINE_END);
		}
	}

	private static void writeLength(ByteBuf buffer, int length) {
		if (length < 10) {
			buffer.writeByte('0' + length);
		}
		else if (length < 100) {
			buffer.writeByte('0' + length / 10);
			buffer.writeByte('0' + length % 10);
		}
		else {
			buffer.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
		}
	}

}
