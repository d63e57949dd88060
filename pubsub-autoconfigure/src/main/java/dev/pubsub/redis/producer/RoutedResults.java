package dev.pubsub.redis.producer;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

/**
 * What is known about the messages of a commit while some are sent again, to other
 * partitions. Not thread-safe.
 */
final class RoutedResults {

	private final List<OutgoingEntry> entries;

	private final IdentityHashMap<OutgoingEntry, PublishResult> results;

	RoutedResults(List<OutgoingEntry> entries) {
		this.entries = entries;
		this.results = new IdentityHashMap<>(entries.size());
	}

	/**
	 * Return the messages that can be sent.
	 */
	List<OutgoingEntry> routed() {
		return routed(this.entries);
	}

	/**
	 * Return those of the given messages that can be sent. Others are rejected: those of
	 * a stream whose partitions are not known.
	 */
	List<OutgoingEntry> routed(List<OutgoingEntry> wanted) {
		List<OutgoingEntry> routed = wanted.stream().filter((entry) -> entry.refusal() == null).toList();
		if (routed.size() < wanted.size()) {
			wanted.forEach(this::reject);
		}
		return routed;
	}

	private void reject(OutgoingEntry entry) {
		Throwable refusal = entry.refusal();
		if (refusal != null) {
			this.results.put(entry, PublishResult.rejected(entry.stream(), refusal));
		}
	}

	void add(List<OutgoingEntry> sent, List<PublishResult> outcome) {
		for (int i = 0; i < sent.size(); i++) {
			this.results.put(sent.get(i), outcome.get(i));
		}
	}

	/**
	 * Return the messages that a partition has not taken, and another one may.
	 */
	List<OutgoingEntry> moved() {
		return this.entries.stream()
			.filter((entry) -> entry.refusal() == null && resultOf(entry).isMovedPartition())
			.toList();
	}

	List<PublishResult> all() {
		return this.entries.stream().map(this::resultOf).toList();
	}

	private PublishResult resultOf(OutgoingEntry entry) {
		return Objects.requireNonNull(this.results.get(entry));
	}

}
