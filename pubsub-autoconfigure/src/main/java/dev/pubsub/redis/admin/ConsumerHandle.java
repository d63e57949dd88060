package dev.pubsub.redis.admin;

import java.util.List;

import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.util.Assert;

/**
 * A consumer of a group, whether or not it exists. Each call goes to Redis; all throw
 * {@link StreamAdminException} when Redis refuses, for instance because there is no such
 * group, or does not answer. Thread-safe.
 *
 * @since 0.1.0
 * @see GroupHandle#consumer(String)
 */
public final class ConsumerHandle {

	private final GroupHandle group;

	private final String consumer;

	private final Groups groups;

	private final Pendings pendings;

	ConsumerHandle(GroupHandle group, String consumer, Groups groups, Pendings pendings) {
		Assert.hasText(consumer, "'consumer' must not be blank");
		this.group = group;
		this.consumer = consumer;
		this.groups = groups;
		this.pendings = pendings;
	}

	/**
	 * Return the group.
	 * @return the group
	 */
	public GroupHandle group() {
		return this.group;
	}

	/**
	 * Return the name of the consumer.
	 * @return the name
	 */
	public String name() {
		return this.consumer;
	}

	/**
	 * Create the consumer.
	 * @return whether it was created; not when it was there
	 */
	public boolean create() {
		return this.groups.createConsumer(this.group.stream(), this.group.name(), this.consumer);
	}

	/**
	 * Delete the consumer if it has nothing pending. Redis would drop what is pending, so
	 * this refuses while there is something, checked and done in one step.
	 * @return whether there was such a consumer
	 * @throws StreamAdminException if something is pending for it
	 */
	public boolean delete() {
		return this.groups.deleteConsumer(this.group.stream(), this.group.name(), this.consumer);
	}

	/**
	 * Hand what is pending for the consumer to another one, without counting a delivery,
	 * and delete it.
	 * @param heir name of the consumer that gets what is pending, created if need be; not
	 * the consumer itself
	 * @return whether there was such a consumer
	 * @throws StreamAdminException if something is pending for it still
	 */
	public boolean deleteInFavourOf(String heir) {
		return this.groups.deleteConsumer(this.group.stream(), this.group.name(), this.consumer, heir);
	}

	/**
	 * Deliver pending entries to this consumer.
	 * @param options which of them, and how
	 * @param ids ids of the entries
	 * @return those that it has now; of large ones as many as fit into a page of
	 * {@link StreamAdmin#range}, with a few more, while the others stay where they are
	 */
	public List<StoredMessage> claim(ClaimOptions options, RecordId... ids) {
		return this.pendings.claim(this.group.stream(), this.group.name(), this.consumer, options, ids);
	}

	/**
	 * Hand pending entries to this consumer without counting a delivery.
	 * @param options which of them, and how
	 * @param ids ids of the entries
	 * @return ids of those that it has now
	 */
	public List<RecordId> claimJustId(ClaimOptions options, RecordId... ids) {
		return this.pendings.claimJustId(this.group.stream(), this.group.name(), this.consumer, options, ids);
	}

	@Override
	public String toString() {
		return this.consumer + " of " + this.group;
	}

}
