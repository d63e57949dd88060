package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * What Redis should know of the entries of one group: who owns which, how often it was
 * delivered, and whether anybody may claim it.
 */
final class DeliveryModel {

	private final Map<EntryId, Entry> entries = new TreeMap<>();

	void added(EntryId id) {
		this.entries.put(id, new Entry());
	}

	List<EntryId> undelivered(int count) {
		return this.entries.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().fate == Fate.NEW)
			.limit(count)
			.map(Map.Entry::getKey)
			.toList();
	}

	void delivered(EntryId id, String consumer) {
		Entry entry = entry(id);
		entry.fate = Fate.PENDING;
		entry.owner = consumer;
		entry.deliveries++;
		entry.claimable = false;
		entry.handedBack = false;
	}

	boolean isOwner(EntryId id, String consumer) {
		Entry entry = entry(id);
		return entry.fate == Fate.PENDING && consumer.equals(entry.owner);
	}

	boolean isPending(EntryId id) {
		return entry(id).fate == Fate.PENDING;
	}

	boolean isClaimable(EntryId id) {
		return isPending(id) && entry(id).claimable;
	}

	int deliveries(EntryId id) {
		return entry(id).deliveries;
	}

	/**
	 * It was handed back: its attempt is given back once.
	 */
	void handedBack(EntryId id) {
		Entry entry = entry(id);
		entry.deliveries = entry.handedBack ? entry.deliveries : Math.max(0, entry.deliveries - 1);
		entry.claimable = true;
		entry.handedBack = true;
	}

	void setClaimable(EntryId id, boolean claimable) {
		entry(id).claimable = claimable;
		entry(id).handedBack = false;
	}

	void settled(EntryId id, Fate fate) {
		entry(id).fate = fate;
	}

	long count(Fate fate) {
		return this.entries.values().stream().filter((entry) -> entry.fate == fate).count();
	}

	Collection<EntryId> ids() {
		return new ArrayList<>(this.entries.keySet());
	}

	/**
	 * Return the pending list as it should be: owner and deliveries by id.
	 */
	Map<String, String> pending() {
		Map<String, String> pending = new LinkedHashMap<>();
		this.entries.forEach((id, entry) -> {
			if (entry.fate == Fate.PENDING) {
				pending.put(id.toString(), entry.owner + " " + entry.deliveries);
			}
		});
		return pending;
	}

	private Entry entry(EntryId id) {
		Entry entry = this.entries.get(id);
		if (entry == null) {
			throw new IllegalArgumentException("No entry " + id);
		}
		return entry;
	}

	/**
	 * Where an entry is.
	 */
	enum Fate {

		NEW, PENDING, DONE, DEAD

	}

	private static final class Entry {

		private Fate fate = Fate.NEW;

		private @Nullable String owner;

		private int deliveries;

		private boolean claimable;

		private boolean handedBack;

	}

}
