package dev.pubsub.redis.admin;

import java.util.List;
import java.util.Optional;

import dev.pubsub.redis.listener.StartFrom;

import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.util.Assert;

/**
 * A consumer group of a stream, whether or not it exists. Each call goes to Redis; all
 * throw {@link StreamAdminException} when Redis refuses, for instance because there is no
 * such group, or does not answer. Thread-safe.
 *
 * @since 0.1.0
 * @see StreamAdmin#group(String, String)
 */
public final class GroupHandle {

	private final String stream;

	private final String group;

	private final Groups groups;

	private final Pendings pendings;

	GroupHandle(String stream, String group, Groups groups, Pendings pendings) {
		Assert.hasText(stream, "'stream' must not be blank");
		Assert.hasText(group, "'group' must not be blank");
		this.stream = stream;
		this.group = group;
		this.groups = groups;
		this.pendings = pendings;
	}

	/**
	 * Return the stream.
	 * @return name of the stream
	 */
	public String stream() {
		return this.stream;
	}

	/**
	 * Return the name of the group.
	 * @return the name
	 */
	public String name() {
		return this.group;
	}

	/**
	 * Return a consumer of the group, whether or not it exists, without asking Redis.
	 * @param consumer name of the consumer
	 * @return the consumer
	 */
	public ConsumerHandle consumer(String consumer) {
		return new ConsumerHandle(this, consumer, this.groups, this.pendings);
	}

	/**
	 * Create the group at the beginning or at the end of its stream.
	 * @param startFrom where it starts to read
	 * @param absentStream what to do when there is no such stream
	 * @return whether it was created; not when it was there
	 */
	public boolean create(StartFrom startFrom, AbsentStream absentStream) {
		return create((startFrom == StartFrom.LATEST) ? "$" : "0", absentStream);
	}

	/**
	 * Create the group at an entry.
	 * @param after it starts with the entry after this
	 * @param absentStream what to do when there is no such stream
	 * @return whether it was created; not when it was there
	 */
	public boolean create(RecordId after, AbsentStream absentStream) {
		return create(after.getValue(), absentStream);
	}

	private boolean create(String after, AbsentStream absentStream) {
		return this.groups.create(this.stream, this.group, after, absentStream == AbsentStream.CREATE);
	}

	/**
	 * Delete the group with all that is pending in it.
	 * @return whether there was such a group
	 */
	public boolean destroy() {
		return this.groups.destroy(this.stream, this.group);
	}

	/**
	 * Have the group go on after another entry.
	 * @param id the next entry it gets is the one after this
	 */
	public void setLastDeliveredId(RecordId id) {
		this.groups.setLastDelivered(this.stream, this.group, id);
	}

	/**
	 * Return the consumers of the group.
	 * @return the consumers
	 */
	public List<ConsumerInfo> consumers() {
		return this.groups.consumers(this.stream, this.group);
	}

	/**
	 * Return who owns the stream for the group, where a subscription is ordered.
	 * @return the owner, empty where no ordered subscription ever read as this group
	 */
	public Optional<OwnerInfo> owner() {
		return this.groups.owner(this.stream, this.group);
	}

	/**
	 * Return how much is pending in the group.
	 * @return the numbers
	 */
	public PendingSummary pendingSummary() {
		return this.pendings.summary(this.stream, this.group);
	}

	/**
	 * Return pending entries.
	 * @param query which of them
	 * @return the entries, in order of their ids
	 */
	public List<PendingMessage> pending(PendingQuery query) {
		return this.pendings.list(this.stream, this.group, query);
	}

	/**
	 * Acknowledge entries, whichever consumer they were delivered to.
	 * @param ids ids of the entries
	 * @return how many were pending
	 */
	public long acknowledge(RecordId... ids) {
		return this.pendings.acknowledge(this.stream, this.group, ids);
	}

	@Override
	public String toString() {
		return this.stream + " (group " + this.group + ")";
	}

}
