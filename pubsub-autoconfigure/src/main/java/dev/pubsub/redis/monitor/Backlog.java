package dev.pubsub.redis.monitor;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.StreamBacklog;
import dev.pubsub.redis.listener.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * How much of a stream waited for the group of a subscription when Redis was asked last.
 * Immutable.
 *
 * @since 0.1.0
 */
public final class Backlog {

	private final Subscription subscription;

	private final StreamBacklog stream;

	private final StreamBacklog.Group group;

	private final Instant measuredAt;

	Backlog(Subscription subscription, StreamBacklog stream, StreamBacklog.Group group, Instant measuredAt) {
		this.subscription = subscription;
		this.stream = stream;
		this.group = group;
		this.measuredAt = measuredAt;
	}

	/**
	 * Return the subscription.
	 * @return the subscription
	 */
	public Subscription getSubscription() {
		return this.subscription;
	}

	/**
	 * Return how many entries the stream has, handled or not.
	 * @return the number
	 */
	public long getStreamLength() {
		return this.stream.length();
	}

	/**
	 * Return how much memory the stream takes in Redis, as Redis estimates it.
	 * @return the number of bytes; nothing where the right to ask is missing
	 */
	public OptionalLong getStreamBytes() {
		return known(this.stream.bytes());
	}

	/**
	 * Return how many dead letters the subscription's dead-letter stream has.
	 * @return the number
	 */
	public long getDeadLetters() {
		return this.stream.deadLetters();
	}

	/**
	 * Return how many consumers the group has, in all applications.
	 * @return the number, 0 when there is no such group
	 */
	public long getConsumers() {
		return Math.max(0, this.group.consumers());
	}

	/**
	 * Return how many entries were delivered and are not acknowledged: those that are
	 * handled at the moment, and those that wait for another attempt.
	 * @return the number
	 */
	public long getPending() {
		return this.group.pending();
	}

	/**
	 * Return how many entries no consumer of the group has had yet.
	 * @return the number; nothing before Redis 7, and where Redis does not know
	 */
	public OptionalLong getLag() {
		return known(this.group.lag());
	}

	/**
	 * Return when the oldest pending entry was added, by its id.
	 * @return the time, nothing when no entry is pending
	 */
	public Optional<Instant> getOldestPending() {
		return time(this.group.oldestPending());
	}

	/**
	 * Return when the oldest entry was added that no consumer of the group has had yet,
	 * by its id.
	 * @return the time, nothing when there is no such entry
	 */
	public Optional<Instant> getOldestUnread() {
		return time(this.group.oldestUnread());
	}

	/**
	 * Return when Redis said so.
	 * @return the time, by the clock of this process
	 */
	public Instant getMeasuredAt() {
		return this.measuredAt;
	}

	private static OptionalLong known(long number) {
		return (number == StreamBacklog.UNKNOWN) ? OptionalLong.empty() : OptionalLong.of(number);
	}

	private static Optional<Instant> time(@Nullable EntryId id) {
		return Optional.ofNullable(id).map(EntryId::time);
	}

	@Override
	public String toString() {
		return this.subscription + ": lag " + this.group.lag() + ", pending " + this.group.pending();
	}

}
