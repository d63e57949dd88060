package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * Messages with the same key start one after the other, in the order of their ids; those
 * without a key start as they come. Thread-safe.
 */
final class LaneOrder implements StartOrder {

	private final Lanes lanes = new Lanes();

	private final Consumer<InFlightMessage> start;

	private final Consumer<EntryId> claim;

	private volatile boolean complete;

	/**
	 * Create an order without messages.
	 * @param start starts a message whose turn has come
	 * @param claim claims a message whose turn has come and that is pending in Redis
	 */
	LaneOrder(Consumer<InFlightMessage> start, Consumer<EntryId> claim) {
		this.start = start;
		this.claim = claim;
	}

	@Override
	public List<InFlightMessage> arrived(List<InFlightMessage> messages) {
		List<InFlightMessage> startable = new ArrayList<>(messages.size());
		for (InFlightMessage message : messages) {
			String key = message.fields().getText(EntryFormat.KEY);
			if (key == null || this.lanes.enter(key, message)) {
				startable.add(message);
			}
		}
		return startable;
	}

	/**
	 * A message is pending in Redis, and is claimed when its turn has come.
	 */
	void expect(@Nullable String key, EntryId id) {
		if (key != null) {
			this.lanes.expect(key, id);
		}
	}

	/**
	 * Everything is known that was pending: the order can be told.
	 */
	void complete() {
		this.complete = true;
		this.lanes.awaited().forEach(this.claim);
	}

	@Override
	public void ended(EntryId id) {
		Lanes.Next next = this.lanes.end(id);
		InFlightMessage message = next.start();
		if (message != null) {
			this.start.accept(message);
		}
		else if (next.claim() != null) {
			this.claim.accept(next.claim());
		}
	}

	@Override
	public boolean isNext(EntryId id) {
		return this.complete && this.lanes.isNext(id);
	}

	@Override
	public int parked() {
		return this.lanes.parked();
	}

	@Override
	public List<InFlightMessage> drain() {
		return this.lanes.drain();
	}

}
