package dev.pubsub.redis.internal.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/**
 * Counts connections that were made in the place of lost ones, by what they are for.
 * Thread-safe.
 */
final class Reconnects {

	private final ConcurrentMap<String, LongAdder> counts = new ConcurrentHashMap<>();

	/**
	 * Return what counts those of one link.
	 * @param name what the link is for
	 * @return the count
	 */
	OfLink of(String name) {
		return new OfLink(this.counts.computeIfAbsent(name, (any) -> new LongAdder()));
	}

	/**
	 * Return how many there were so far.
	 * @return the numbers, by what the links are for
	 */
	Map<String, Long> counted() {
		return this.counts.entrySet()
			.stream()
			.collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, (count) -> count.getValue().sum()));
	}

	/**
	 * Those of one link, to whatever server: after a failover it is another one.
	 */
	static final class OfLink {

		private final LongAdder count;

		private final AtomicInteger lost = new AtomicInteger();

		private OfLink(LongAdder count) {
			this.count = count;
		}

		void lost() {
			this.lost.incrementAndGet();
		}

		void connected() {
			if (this.lost.getAndUpdate((number) -> Math.max(0, number - 1)) > 0) {
				this.count.increment();
			}
		}

	}

}
