package dev.pubsub.redis.test;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

/**
 * Any RESP2 reply as it came: strings, numbers, {@code null} and lists of them.
 */
class ReplyOutput extends CommandOutput<String, String, Object> {

	private final Deque<Array> open = new ArrayDeque<>();

	ReplyOutput() {
		super(StringCodec.UTF8, null);
	}

	@Override
	public void set(@Nullable ByteBuffer bytes) {
		addWhole((bytes != null) ? this.codec.decodeValue(bytes) : null);
	}

	@Override
	public void set(long integer) {
		addWhole(integer);
	}

	@Override
	public void setError(ByteBuffer error) {
		if (this.open.isEmpty()) {
			super.setError(error);
		}
		else {
			// One failed command of a transaction fails no other.
			addWhole(decodeString(error));
		}
	}

	@Override
	public void multi(int count) {
		if (count <= 0) {
			addWhole((count < 0) ? null : List.of());
			return;
		}
		List<@Nullable Object> elements = new ArrayList<>(count);
		add(elements);
		this.open.push(new Array(elements, count));
	}

	private void addWhole(@Nullable Object element) {
		add(element);
		while (!this.open.isEmpty() && this.open.peek().isFull()) {
			this.open.pop();
		}
	}

	private void add(@Nullable Object element) {
		if (this.open.isEmpty()) {
			this.output = element;
		}
		else {
			this.open.peek().elements().add(element);
		}
	}

	private record Array(List<@Nullable Object> elements, int size) {

		boolean isFull() {
			return this.elements.size() == this.size;
		}

	}

}
