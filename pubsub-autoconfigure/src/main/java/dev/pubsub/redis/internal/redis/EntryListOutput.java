package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.pubsub.redis.EntryFields;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of XRANGE, XCLAIM and XREADGROUP replies, of one stream, over RESP2
 * and RESP3. Lettuce 7.1 to 7.6 merge all entries of an XREADGROUP reply into one over
 * RESP2, hence this one. It relies on the order of the parts only, not on their depth:
 * name of the stream (XREADGROUP), list, then for each entry its id and its fields.
 */
final class EntryListOutput extends CommandOutput<byte[], byte[], List<StreamEntry>> {

	private static final byte[] NONE = new byte[0];

	private Expected next;

	private @Nullable EntryId id;

	private byte[][] fields = new byte[0][];

	private byte[][] fieldsBefore = this.fields;

	private int filled;

	private final long mostBytes;

	private long bytes;

	private long entryBytes;

	private boolean leftOut;

	private EntryListOutput(Expected first, long mostBytes) {
		super(ByteArrayCodec.INSTANCE, new ArrayList<>());
		this.next = first;
		this.mostBytes = mostBytes;
	}

	/**
	 * Return an output for a reply that is a list of entries.
	 * @return the output
	 */
	static EntryListOutput entries() {
		return entries(Long.MAX_VALUE);
	}

	/**
	 * Return an output for a reply that is a list of entries.
	 * @param mostBytes as of {@link #namedEntries}
	 * @return the output
	 */
	static EntryListOutput entries(long mostBytes) {
		return new EntryListOutput(Expected.LIST, mostBytes);
	}

	/**
	 * Return an output for a reply that names the stream before its entries.
	 * @param mostBytes how much memory the entries may take; the first is kept whatever
	 * its size, of others that are too large only the ids are
	 * @return the output
	 */
	static EntryListOutput namedEntries(long mostBytes) {
		return new EntryListOutput(Expected.STREAM_NAME, mostBytes);
	}

	@Override
	public void multi(int count) {
		switch (this.next) {
			case STREAM_NAME -> {
				// The arrays or the map around the name.
			}
			case LIST -> {
				this.output = new ArrayList<>(Math.max(0, count));
				this.next = Expected.ENTRY;
			}
			case ENTRY -> this.next = (count > 0) ? Expected.ID : Expected.ENTRY;
			case ID, FIELD -> throw new IllegalStateException("Unexpected array in an entry");
			case FIELDS -> startFields(count);
		}
	}

	@Override
	public void set(@Nullable ByteBuffer bytes) {
		if (bytes == null) {
			nothing();
			return;
		}
		switch (this.next) {
			case STREAM_NAME -> this.next = Expected.LIST;
			case ID -> {
				this.id = EntryId.parse(bytes);
				this.next = Expected.FIELDS;
			}
			case FIELD -> addField(bytes);
			case LIST, ENTRY, FIELDS -> throw new IllegalStateException("Unexpected text between entries");
		}
	}

	@Override
	public void set(long integer) {
		// Idle time and delivery count of newer servers, which we do not ask for.
	}

	private void nothing() {
		if (this.next == Expected.FIELDS) {
			endEntry(null);
		}
	}

	private void startFields(int count) {
		if (count < 0) {
			endEntry(null);
		}
		else if (count == 0) {
			endEntry(EntryFields.of());
		}
		else {
			this.fieldsBefore = this.fields;
			this.fields = new byte[count][];
			this.filled = 0;
			this.entryBytes = 0;
			this.leftOut = false;
			this.next = Expected.FIELD;
		}
	}

	/**
	 * Return the name of a field. The entries of a stream mostly have the same ones, so
	 * they share them.
	 */
	private byte[] name(ByteBuffer bytes) {
		if (this.filled < this.fieldsBefore.length) {
			byte[] before = this.fieldsBefore[this.filled];
			if (before.length == bytes.remaining() && ByteBuffer.wrap(before).equals(bytes)) {
				return before;
			}
		}
		return copy(bytes);
	}

	private static byte[] copy(ByteBuffer bytes) {
		byte[] value = new byte[bytes.remaining()];
		bytes.get(value);
		return value;
	}

	private void addField(ByteBuffer text) {
		this.entryBytes += text.remaining() + ReplyLimit.TEXT_OVERHEAD;
		if (this.bytes + this.entryBytes > this.mostBytes && !this.output.isEmpty() && !this.leftOut) {
			this.leftOut = true;
			Arrays.fill(this.fields, NONE);
		}
		this.fields[this.filled] = this.leftOut ? NONE : (this.filled % 2 == 0) ? name(text) : copy(text);
		this.filled++;
		if (this.filled == this.fields.length) {
			endEntry(this.leftOut ? null : EntryFields.of(this.fields));
		}
	}

	private void endEntry(@Nullable EntryFields read) {
		EntryId entryId = this.id;
		if (entryId != null) {
			this.output.add(new StreamEntry(entryId, read, this.entryBytes));
		}
		this.bytes += this.leftOut ? 0 : this.entryBytes;
		this.entryBytes = 0;
		this.id = null;
		this.next = Expected.ENTRY;
	}

	/**
	 * What part of the reply comes next.
	 */
	private enum Expected {

		STREAM_NAME, LIST, ENTRY, ID, FIELDS, FIELD

	}

}
