package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

/**
 * Reads the reply of the script {@code backlog}, a flat list of numbers and ids, straight
 * from the buffer.
 */
final class BacklogOutput extends CommandOutput<byte[], byte[], StreamBacklog> {

	/** How many values tell of the stream. */
	private static final int STREAM = 6;

	/** How many values tell of a group. */
	private static final int GROUP = 5;

	private final long[] numbers;

	private final @Nullable EntryId[] ids;

	private int position;

	@SuppressWarnings("NullAway") // Lettuce's constructor takes null for "no output yet"
	BacklogOutput(int groups) {
		super(ByteArrayCodec.INSTANCE, null);
		this.numbers = new long[STREAM + groups * GROUP];
		this.ids = new EntryId[this.numbers.length];
		Arrays.fill(this.numbers, StreamBacklog.UNKNOWN);
	}

	@Override
	public void set(long integer) {
		this.numbers[this.position++] = integer;
	}

	@Override
	public void set(@Nullable ByteBuffer bytes) {
		int at = this.position++;
		if (bytes == null || !bytes.hasRemaining()) {
			return;
		}
		if (isId(at)) {
			this.ids[at] = EntryId.parse(bytes);
		}
		else {
			// Some servers write numbers of scripts as text.
			this.numbers[at] = Long.parseLong(StandardCharsets.US_ASCII.decode(bytes).toString());
		}
	}

	private static boolean isId(int position) {
		int part = (position - STREAM) % GROUP;
		return (position < STREAM) ? position >= 4 : (part == 2 || part == 4);
	}

	@Override
	public StreamBacklog get() {
		List<StreamBacklog.Group> groups = new ArrayList<>();
		for (int at = STREAM; at < this.numbers.length; at += GROUP) {
			groups.add(new StreamBacklog.Group(this.numbers[at], this.numbers[at + 1], this.ids[at + 2],
					this.numbers[at + 3], this.ids[at + 4]));
		}
		return new StreamBacklog(this.numbers[0], this.numbers[1], this.numbers[2], this.numbers[3], this.ids[4],
				this.ids[5], groups);
	}

}
