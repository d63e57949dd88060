package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.Objects;

import dev.pubsub.redis.internal.Bounds;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * What must be confirmed before a message counts as published, beyond the reply of the
 * server that serves its stream. A message that is not confirmed in time is
 * {@link PublishResult.Status#UNKNOWN}: it is in its stream, and may or may not be there
 * after a failover.
 * <p>
 * This narrows the window in which a failover loses messages; it does not close it. Redis
 * may promote a replica that did not confirm, and a confirmation does not keep a replica
 * from losing its memory. Immutable: each {@code with} method returns a changed copy.
 *
 * @since 0.1.0
 */
public final class Durability {

	private static final Durability NONE = new Durability(0, Duration.ofSeconds(1), false);

	private final int replicas;

	private final Duration timeout;

	private final boolean fsync;

	private Durability(int replicas, Duration timeout, boolean fsync) {
		Assert.isTrue(replicas >= 0, () -> "'replicas' must be zero or more, was " + replicas);
		Bounds.time("timeout", timeout);
		this.replicas = replicas;
		this.timeout = timeout;
		this.fsync = fsync;
	}

	/**
	 * Return the durability that asks for nothing: the reply to the message is enough.
	 * @return no durability
	 */
	public static Durability none() {
		return NONE;
	}

	/**
	 * Return the durability that asks for replicas, within a second.
	 * @param replicas number of replicas that must have the message, zero for none
	 * @return the durability
	 */
	public static Durability ofReplicas(int replicas) {
		return NONE.withReplicas(replicas);
	}

	/**
	 * Set how many replicas must have the message.
	 * @param replicas number of replicas, zero for none
	 * @return the changed copy
	 */
	public Durability withReplicas(int replicas) {
		return new Durability(replicas, this.timeout, this.fsync);
	}

	/**
	 * Set how long to wait for the confirmation. Must be shorter than the timeout of the
	 * producer. Default is a second.
	 * @param timeout longest wait, a millisecond or more
	 * @return the changed copy
	 */
	public Durability withTimeout(Duration timeout) {
		return new Durability(this.replicas, timeout, this.fsync);
	}

	/**
	 * Set whether the server itself and the replicas must have synced the message to
	 * their append-only files, on their disks. Needs Redis 7.2 and
	 * {@code appendonly yes}; on an older server such messages are rejected. Default is
	 * {@code false}.
	 * @param fsync whether disks must have the message
	 * @return the changed copy
	 */
	public Durability withFsync(boolean fsync) {
		return new Durability(this.replicas, this.timeout, fsync);
	}

	public int replicas() {
		return this.replicas;
	}

	public Duration timeout() {
		return this.timeout;
	}

	/**
	 * Return whether disks must have the message.
	 * @return whether they must
	 */
	public boolean isFsync() {
		return this.fsync;
	}

	/**
	 * Return whether nothing is asked for.
	 * @return whether the reply to the message is enough
	 */
	public boolean isNone() {
		return this.replicas == 0 && !this.fsync;
	}

	/**
	 * Check that the confirmation can come before the producer stops waiting.
	 * @param producerTimeout the timeout of the producer
	 * @return this durability
	 */
	public Durability shorterThan(Duration producerTimeout) {
		Assert.isTrue(isNone() || this.timeout.compareTo(producerTimeout) < 0,
				() -> "The timeout of the durability must be shorter than the producer's, which is " + producerTimeout
						+ ", was " + this.timeout);
		return this;
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof Durability that && this.replicas == that.replicas
				&& this.timeout.equals(that.timeout) && this.fsync == that.fsync);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.replicas, this.timeout, this.fsync);
	}

	@Override
	public String toString() {
		return isNone() ? "none" : this.replicas + " replicas within " + this.timeout + (this.fsync ? ", fsync" : "");
	}

}
