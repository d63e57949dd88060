package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * The id of a stream entry: two numbers, which compare the way Redis orders entries.
 *
 * @param millis the first part, usually milliseconds since the epoch
 * @param sequence the second part
 */
public record EntryId(long millis, long sequence) implements Comparable<EntryId>, Supplier<RecordId> {

	/**
	 * The id before every entry.
	 */
	public static final EntryId ZERO = new EntryId(0, 0);

	public static EntryId parse(byte[] text) {
		return parse(ByteBuffer.wrap(text));
	}

	static EntryId parse(ByteBuffer text) {
		long first = 0;
		long second = 0;
		boolean inSecond = false;
		while (text.hasRemaining()) {
			byte character = text.get();
			if (character == '-') {
				inSecond = true;
			}
			else if (inSecond) {
				second = second * 10 + (character - '0');
			}
			else {
				first = first * 10 + (character - '0');
			}
		}
		return new EntryId(first, second);
	}

	public static EntryId parse(String text) {
		return parse(text.getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Return the id as Redis writes it.
	 * @return its text in ASCII
	 */
	public byte[] toBytes() {
		if (this.millis < 0 || this.sequence < 0) {
			return toString().getBytes(StandardCharsets.US_ASCII);
		}
		int middle = digits(this.millis);
		byte[] text = new byte[middle + 1 + digits(this.sequence)];
		write(this.millis, text, middle);
		text[middle] = '-';
		write(this.sequence, text, text.length);
		return text;
	}

	public RecordId toRecordId() {
		return RecordId.of(this.millis, this.sequence);
	}

	@Override
	public RecordId get() {
		return toRecordId();
	}

	/**
	 * Return the greatest id below this one.
	 * @return the previous id, zero for zero
	 */
	public EntryId previous() {
		if (this.sequence != 0) {
			return new EntryId(this.millis, this.sequence - 1);
		}
		return (this.millis != 0) ? new EntryId(this.millis - 1, Long.MAX_VALUE) : ZERO;
	}

	@Override
	public int compareTo(EntryId other) {
		int order = Long.compareUnsigned(this.millis, other.millis);
		return (order != 0) ? order : Long.compareUnsigned(this.sequence, other.sequence);
	}

	private static int digits(long number) {
		int digits = 1;
		for (long left = number / 10; left > 0; left /= 10) {
			digits++;
		}
		return digits;
	}

	private static void write(long number, byte[] text, int end) {
		long left = number;
		int position = end;
		do {
			text[--position] = (byte) ('0' + left % 10);
			left /= 10;
		}
		while (left > 0);
	}

	@Override
	public String toString() {
		return Long.toUnsignedString(this.millis) + "-" + Long.toUnsignedString(this.sequence);
	}

}
