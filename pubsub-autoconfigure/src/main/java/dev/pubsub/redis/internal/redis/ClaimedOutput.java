package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Reads what a script says of entries that it claimed without their payloads: a flat list
 * of numbers, and of the consumers that had them before.
 */
final class ClaimedOutput extends CommandOutput<byte[], byte[], List<TakenEntry>> {

	private static final long NONE = -1;

	private final List<EntryId> ids;

	private final RepeatedText owner = new RepeatedText();

	private long deliveries = NONE;

	private boolean tooMany;

	/**
	 * Create an output.
	 * @param ids ids of the entries that were asked for, in the same order
	 */
	ClaimedOutput(List<EntryId> ids) {
		super(ByteArrayCodec.INSTANCE, new ArrayList<>(ids.size()));
		this.ids = ids;
	}

	@Override
	public List<TakenEntry> get() {
		Assert.state(!this.tooMany && this.output.size() == this.ids.size(), "Not as many replies as entries");
		return this.output;
	}

	@Override
	public void multi(int count) {
		// The array around all of them.
	}

	@Override
	public void set(@Nullable ByteBuffer bytes) {
		if (bytes != null) {
			this.owner.next(bytes);
		}
	}

	@Override
	public void set(long number) {
		if (this.output.size() == this.ids.size()) {
			this.tooMany = true;
			return;
		}
		EntryId id = this.ids.get(this.output.size());
		if (this.deliveries != NONE) {
			PendingEntry pending = new PendingEntry(id, this.owner.last(), number,
					PendingEntry.deliveries(this.deliveries));
			this.output.add(new TakenEntry(Ownership.OWNED, new StreamEntry(id, null, 1), pending));
			this.deliveries = NONE;
		}
		else if (number > 0) {
			this.deliveries = number;
		}
		else {
			this.output.add(new TakenEntry((number == 0) ? Ownership.PAYLOAD_GONE : Ownership.LOST, null, null));
		}
	}

}
