package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

/**
 * Reads the entries of an XPENDING reply: each is a list of its id, its consumer, its
 * idle time and its deliveries.
 */
final class PendingOutput extends CommandOutput<byte[], byte[], List<PendingEntry>> {

	private final RepeatedText consumer = new RepeatedText();

	private EntryId id = EntryId.ZERO;

	private long idleMillis;

	private Part next = Part.LIST;

	PendingOutput() {
		super(ByteArrayCodec.INSTANCE, new ArrayList<>());
	}

	@Override
	public void multi(int count) {
		switch (this.next) {
			case LIST -> {
				this.output = new ArrayList<>(Math.max(0, count));
				this.next = Part.ENTRY;
			}
			case ENTRY -> this.next = Part.ID;
			default -> throw new IllegalStateException("Unexpected array in a pending entry");
		}
	}

	@Override
	public void set(@Nullable ByteBuffer bytes) {
		if (bytes == null) {
			return;
		}
		switch (this.next) {
			case ID -> {
				this.id = EntryId.parse(bytes);
				this.next = Part.CONSUMER;
			}
			case CONSUMER -> {
				this.consumer.next(bytes);
				this.next = Part.IDLE;
			}
			// Some servers send numbers as text.
			case IDLE, DELIVERIES -> set(Long.parseLong(StandardCharsets.US_ASCII.decode(bytes).toString()));
			case LIST, ENTRY -> throw new IllegalStateException("Unexpected text between pending entries");
		}
	}

	@Override
	public void set(long number) {
		switch (this.next) {
			case IDLE -> {
				this.idleMillis = number;
				this.next = Part.DELIVERIES;
			}
			case DELIVERIES -> {
				this.output.add(new PendingEntry(this.id, this.consumer.last(), this.idleMillis,
						PendingEntry.deliveries(number)));
				this.next = Part.ENTRY;
			}
			default -> throw new IllegalStateException("Unexpected number in a pending entry");
		}
	}

	/**
	 * What part of the reply comes next.
	 */
	private enum Part {

		LIST, ENTRY, ID, CONSUMER, IDLE, DELIVERIES

	}

}
