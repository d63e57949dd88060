package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * The id of a stream entry: two numbers without a sign, which compare the way Redis
 * orders entries. An id that Redis sent keeps its text, since it is sent back when its
 * message is acknowledged. Immutable.
 */
public final class EntryId implements Comparable<EntryId> {

	/**
	 * The id before every entry.
	 */
	public static final EntryId ZERO = new EntryId(0, 0);

	/**
	 * All bits set: the highest number that Redis knows.
	 */
	private static final long HIGHEST = -1;

	private static final int MOST_DIGITS = 20;

	private final long millis;

	private final long sequence;

	private final byte @Nullable [] text;

	/**
	 * Create an id.
	 * @param millis the first part, usually milliseconds since the epoch
	 * @param sequence the second part
	 */
	public EntryId(long millis, long sequence) {
		this(millis, sequence, null);
	}

	private EntryId(long millis, long sequence, byte @Nullable [] text) {
		this.millis = millis;
		this.sequence = sequence;
		this.text = text;
	}

	public static EntryId parse(byte[] text) {
		return parse(ByteBuffer.wrap(text));
	}

	/**
	 * Read an id, whatever wrote it.
	 * @throws IllegalArgumentException if it is none
	 */
	static EntryId parse(ByteBuffer text) {
		int start = text.position();
		long millis = readNumber(text);
		int middle = text.position();
		boolean divided = text.hasRemaining() && text.get() == '-';
		long sequence = divided ? readNumber(text) : 0;
		if (!divided || text.hasRemaining()) {
			throw noId(text.position(start));
		}
		boolean plain = isPlain(text, start, middle) && isPlain(text, middle + 1, text.limit());
		return new EntryId(millis, sequence, plain ? copy(text, start) : null);
	}

	/**
	 * Return whether a number is written as Redis writes it, and surely fits.
	 */
	private static boolean isPlain(ByteBuffer text, int start, int end) {
		int digits = end - start;
		return digits == 1 || (digits < MOST_DIGITS && text.get(start) != '0');
	}

	private static byte[] copy(ByteBuffer text, int start) {
		byte[] copy = new byte[text.limit() - start];
		text.get(start, copy);
		return copy;
	}

	private static long readNumber(ByteBuffer text) {
		int start = text.position();
		int end = Math.min(text.limit(), start + MOST_DIGITS);
		long number = 0;
		int position = start;
		while (position < end) {
			int digit = text.get(position) - '0';
			if (digit < 0 || digit > 9) {
				break;
			}
			number = number * 10 + digit;
			position++;
		}
		if (position == start) {
			throw noId(text);
		}
		text.position(position);
		return number;
	}

	private static IllegalArgumentException noId(ByteBuffer text) {
		return new IllegalArgumentException("Not the id of an entry: " + text.remaining() + " bytes");
	}

	public static EntryId parse(String text) {
		return parse(text.getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Return the first part.
	 * @return usually milliseconds since the epoch
	 */
	public long millis() {
		return this.millis;
	}

	/**
	 * Return the second part.
	 * @return the number among the entries of the same millisecond
	 */
	public long sequence() {
		return this.sequence;
	}

	/**
	 * Return the id as Redis writes it.
	 * @return its text in ASCII, not to be changed
	 */
	public byte[] toBytes() {
		byte[] known = this.text;
		return (known != null) ? known : write();
	}

	private byte[] write() {
		if (exceedsLong()) {
			return unsigned().getBytes(StandardCharsets.US_ASCII);
		}
		int middle = digits(this.millis);
		byte[] written = new byte[middle + 1 + digits(this.sequence)];
		write(this.millis, written, middle);
		written[middle] = '-';
		write(this.sequence, written, written.length);
		return written;
	}

	public RecordId toRecordId() {
		return RecordId.of(toString());
	}

	/**
	 * Return when the entry was added, as its id says.
	 * @return the time, capped where it is too far away
	 */
	public Instant time() {
		return Instant.ofEpochMilli((this.millis < 0) ? Long.MAX_VALUE : this.millis);
	}

	/**
	 * Return the greatest id below this one.
	 * @return the previous id, zero for zero
	 */
	public EntryId previous() {
		if (this.sequence != 0) {
			return new EntryId(this.millis, this.sequence - 1);
		}
		return (this.millis != 0) ? new EntryId(this.millis - 1, HIGHEST) : ZERO;
	}

	/**
	 * Return whether a number is too high for a long with a sign.
	 */
	private boolean exceedsLong() {
		return this.millis < 0 || this.sequence < 0;
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
	public boolean equals(@Nullable Object other) {
		return other instanceof EntryId id && this.millis == id.millis && this.sequence == id.sequence;
	}

	@Override
	public int hashCode() {
		return 31 * Long.hashCode(this.millis) + Long.hashCode(this.sequence);
	}

	@Override
	public String toString() {
		byte[] known = this.text;
		return (known != null) ? new String(known, StandardCharsets.ISO_8859_1) : unsigned();
	}

	private String unsigned() {
		return Long.toUnsignedString(this.millis) + "-" + Long.toUnsignedString(this.sequence);
	}

}
