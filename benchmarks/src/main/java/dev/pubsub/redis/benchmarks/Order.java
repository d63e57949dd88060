package dev.pubsub.redis.benchmarks;

import java.util.Collections;
import java.util.List;

/**
 * The payload of every workload, a plain old Java object. Without tags its JSON has about
 * 100 bytes.
 */
public class Order {

	private static final String TAG = "a tag of 20 letters.";

	private static final int TAG_BYTES = TAG.length() + 3;

	private long id;

	private String customer = "";

	private int quantity;

	private double price;

	private long sentAt;

	private List<String> tags = List.of();

	/**
	 * Return an order.
	 * @param id number of the order
	 * @param bytes rough size of its JSON
	 * @return an order, sent now
	 */
	static Order sample(long id, int bytes) {
		Order order = new Order();
		order.id = 1_000_000 + id;
		order.customer = "customer-" + (10_000 + id % 10_000);
		order.quantity = 3;
		order.price = 149.95;
		order.sentAt = System.nanoTime();
		order.tags = Collections.nCopies(Math.max(0, bytes - 100) / TAG_BYTES, TAG);
		return order;
	}

	public long getId() {
		return this.id;
	}

	public void setId(long id) {
		this.id = id;
	}

	public String getCustomer() {
		return this.customer;
	}

	public void setCustomer(String customer) {
		this.customer = customer;
	}

	public int getQuantity() {
		return this.quantity;
	}

	public void setQuantity(int quantity) {
		this.quantity = quantity;
	}

	public double getPrice() {
		return this.price;
	}

	public void setPrice(double price) {
		this.price = price;
	}

	/**
	 * Return when it was published.
	 * @return a time by {@link System#nanoTime()}
	 */
	public long getSentAt() {
		return this.sentAt;
	}

	public void setSentAt(long sentAt) {
		this.sentAt = sentAt;
	}

	public List<String> getTags() {
		return this.tags;
	}

	public void setTags(List<String> tags) {
		this.tags = tags;
	}

}
