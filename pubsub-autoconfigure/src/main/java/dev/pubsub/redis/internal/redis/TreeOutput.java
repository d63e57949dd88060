package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

/**
 * Reads any reply as a tree of lists, texts and numbers, and turns it into a value at the
 * end. A map becomes a flat list of keys and values, as it is over RESP2. Not for the hot
 * path.
 *
 * @param <T> type of the value
 */
final class TreeOutput<T> extends CommandOutput<byte[], byte[], T> {

	private final Function<Reply, T> mapper;

	private final Deque<Level> levels = new ArrayDeque<>();

	private @Nullable Object root;

	@SuppressWarnings("NullAway") // Lettuce's constructor takes null for "no output yet"
	TreeOutput(Function<Reply, T> mapper) {
		super(ByteArrayCodec.INSTANCE, null);
		this.mapper = mapper;
	}

	@Override
	public T get() {
		return this.mapper.apply(new Reply(this.root));
	}

	@Override
	public void multi(int count) {
		if (count < 0) {
			add(null);
			return;
		}
		List<@Nullable Object> list = new ArrayList<>(count);
		attach(list);
		this.levels.push(new Level(list, count));
		closeFilledLevels();
	}

	@Override
	public void set(@Nullable ByteBuffer bytes) {
		if (bytes == null) {
			add(null);
			return;
		}
		byte[] value = new byte[bytes.remaining()];
		bytes.get(value);
		add(value);
	}

	@Override
	public void set(long integer) {
		add(integer);
	}

	@Override
	public void set(double number) {
		add(Double.toString(number).getBytes(StandardCharsets.US_ASCII));
	}

	@Override
	public void set(boolean value) {
		add(value ? 1L : 0L);
	}

	private void add(@Nullable Object value) {
		attach(value);
		closeFilledLevels();
	}

	private void attach(@Nullable Object value) {
		Level level = this.levels.peek();
		if (level == null) {
			this.root = value;
		}
		else {
			level.list.add(value);
		}
	}

	private void closeFilledLevels() {
		while (!this.levels.isEmpty() && this.levels.element().isFilled()) {
			this.levels.pop();
		}
	}

	private record Level(List<@Nullable Object> list, int size) {

		boolean isFilled() {
			return this.list.size() >= this.size;
		}

	}

}
