package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * Entries that a script claimed without their payloads, which come from elsewhere. For
 * one thread at a time.
 */
final class ClaimedEntries {

	private final List<EntryId> ids;

	private final List<TakenEntry> entries;

	private final ReplyLimit limit;

	private final List<Integer> absent = new ArrayList<>();

	private long bytes;

	/**
	 * Create claimed entries.
	 * @param ids ids in ascending order
	 * @param taken what the script said of them, in the same order
	 * @param found entries of the stream, in order
	 * @param limit how much to bring at once
	 */
	ClaimedEntries(List<EntryId> ids, List<TakenEntry> taken, List<StreamEntry> found, ReplyLimit limit) {
		this.ids = ids;
		this.entries = new ArrayList<>(taken);
		this.limit = limit;
		int place = 0;
		for (int i = 0; i < ids.size(); i++) {
			EntryId id = ids.get(i);
			while (place < found.size() && found.get(place).id().compareTo(id) < 0) {
				place++;
			}
			if (taken.get(i).pending() != null) {
				boolean isFound = place < found.size() && found.get(place).id().equals(id);
				fill(i, isFound ? found.get(place) : null);
			}
		}
	}

	private void fill(int index, @Nullable StreamEntry payload) {
		if (payload == null || payload.fields() == null || payload.bytes() > this.limit.entry()) {
			this.absent.add(index);
		}
		else {
			this.entries.set(index, this.entries.get(index).with(payload));
			this.bytes += payload.bytes();
		}
	}

	/**
	 * Return all of them, in the order of their ids.
	 */
	List<TakenEntry> all() {
		return this.entries;
	}

	/**
	 * Return those that were claimed, and whose payload was not found.
	 */
	List<EntryId> absent() {
		return this.absent.stream().map(this.ids::get).toList();
	}

	/**
	 * Return how much room they have.
	 */
	ReplyLimit room() {
		return new ReplyLimit(this.limit.entry(), Math.max(1, this.limit.all() - this.bytes), 0, false);
	}

	/**
	 * Complete those that were absent.
	 * @param taken what a script says of each, with its payload
	 * @return those that there was no room for
	 */
	List<EntryId> complete(List<TakenEntry> taken) {
		for (int i = 0; i < taken.size(); i++) {
			TakenEntry one = taken.get(i);
			int index = this.absent.get(i);
			this.entries.set(index, (one.entry() != null) ? this.entries.get(index).with(one.entry()) : one);
		}
		return IntStream.range(0, taken.size())
			.filter((i) -> taken.get(i).isLeftOut())
			.mapToObj((i) -> this.ids.get(this.absent.get(i)))
			.toList();
	}

}
