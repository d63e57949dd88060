package dev.pubsub.redis.internal.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.PendingEntry;
import org.jspecify.annotations.Nullable;

/**
 * Entries that have one attempt left and that a consumer left behind: one of them may be
 * what ended its process. A consumer begins in the order of the stream, so the first ones
 * of each consumer, as many as it may have begun, run alone and one after the other; the
 * others run together, at first two and then more and more. Only for the thread of the
 * {@link ClaimScheduler}.
 */
final class Suspects {

	private static final int MOST = 10_000;

	private static final int FIRST_TOGETHER = 2;

	private final Predicate<EntryId> running;

	private final int maxAttempts;

	private final IntSupplier mostBegun;

	private final Map<String, Queue<EntryId>> waiting = new LinkedHashMap<>();

	private final Map<String, Integer> begun = new HashMap<>();

	private final Set<EntryId> current = new HashSet<>();

	private int size;

	private int together = FIRST_TOGETHER;

	private boolean alone;

	/**
	 * Create an empty set.
	 * @param running whether the handler of an entry is not done with it
	 * @param maxAttempts how many attempts an entry has
	 * @param mostBegun how many entries a consumer may have begun and not acknowledged
	 */
	Suspects(Predicate<EntryId> running, int maxAttempts, IntSupplier mostBegun) {
		this.running = running;
		this.maxAttempts = maxAttempts;
		this.mostBegun = mostBegun;
	}

	/**
	 * Return whether an entry is one of them.
	 */
	boolean include(PendingEntry entry) {
		return this.maxAttempts > 1 && entry.deliveries() + 1 >= this.maxAttempts;
	}

	/**
	 * Let an entry wait for its turn. Beyond a bound it is left for the next search.
	 */
	void add(PendingEntry entry) {
		if (this.size < MOST) {
			this.waiting.computeIfAbsent(entry.consumer(), (consumer) -> new ArrayDeque<>()).add(entry.id());
			this.size++;
		}
	}

	boolean isAnyWaiting() {
		return this.size > 0;
	}

	/**
	 * Return how many may begin now.
	 */
	int room() {
		int before = this.current.size();
		this.current.removeIf((id) -> !this.running.test(id));
		this.together += this.alone ? 0 : before - this.current.size();
		this.alone &= !this.current.isEmpty();
		if (firstOne() != null || this.alone) {
			return this.current.isEmpty() ? 1 : 0;
		}
		return Math.max(0, this.together - this.current.size());
	}

	/**
	 * Return what is to begin next. It waits until it has begun.
	 * @param most how many at most; there is room for them
	 */
	List<EntryId> next(int most) {
		EntryId first = firstOne();
		if (first != null) {
			return List.of(first);
		}
		return this.waiting.values().stream().flatMap(Queue::stream).limit(most).toList();
	}

	/**
	 * Some that were to begin next have begun.
	 */
	void begin(List<EntryId> ids) {
		this.alone = firstOne() != null;
		Set<EntryId> these = new HashSet<>(ids);
		for (Map.Entry<String, Queue<EntryId>> one : new ArrayList<>(this.waiting.entrySet())) {
			Queue<EntryId> queue = one.getValue();
			while (!queue.isEmpty() && these.contains(queue.peek())) {
				queue.remove();
				this.size--;
				this.begun.merge(one.getKey(), 1, Integer::sum);
			}
			if (queue.isEmpty()) {
				this.waiting.remove(one.getKey());
			}
		}
		this.current.addAll(these);
	}

	/**
	 * Forget those that wait: they are searched for again.
	 */
	void clear() {
		this.begun.keySet().retainAll(this.waiting.keySet());
		this.together = (this.size > 0) ? this.together : FIRST_TOGETHER;
		this.waiting.clear();
		this.size = 0;
	}

	/**
	 * Return the next one that its consumer may have begun.
	 */
	private @Nullable EntryId firstOne() {
		int most = this.mostBegun.getAsInt();
		for (Map.Entry<String, Queue<EntryId>> one : this.waiting.entrySet()) {
			if (this.begun.getOrDefault(one.getKey(), 0) < most) {
				return one.getValue().peek();
			}
		}
		return null;
	}

}
