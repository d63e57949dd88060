package dev.pubsub.redis.benchmarks;

import java.util.Collections;
import java.util.List;

/**
 * The payload of every workload. Without tags its JSON has about 100 bytes.
 *
 * @param id number of the order
 * @param customer who ordered
 * @param quantity how many
 * @param price price of one
 * @param sentAt when it was published, by {@link System#nanoTime()}
 * @param tags makes it larger
 */
public record Order(long id, String customer, int quantity, double price, long sentAt, List<String> tags) {

	private static final String TAG = "a tag of 20 letters.";

	private static final int TAG_BYTES = TAG.length() + 3;

	/**
	 * Return an order.
	 * @param id number of the order
	 * @param bytes rough size of its JSON
	 * @return an order, sent now
	 */
	static Order sample(long id, int bytes) {
		List<String> tags = Collections.nCopies(Math.max(0, bytes - 100) / TAG_BYTES, TAG);
		return new Order(1_000_000 + id, "customer-" + (10_000 + id % 10_000), 3, 149.95, System.nanoTime(), tags);
	}

}
