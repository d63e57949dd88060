package dev.pubsub.redis.internal.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What became of one message of a simulation.
 */
final class SimulatedMessage {

	/** How many were published before. */
	final int number;

	/** Its key, where there is an order. */
	final @Nullable String key;

	int starts;

	/** The last attempt that began. */
	@Nullable SimulatedRun last;

	/** When Redis last heard of it from its consumer. */
	long lastTouch;

	boolean failed;

	/** Done, as far as its handler says. */
	boolean handled;

	/** The consumer that acknowledged it. */
	@Nullable String acknowledgedBy;

	boolean dead;

	/** Removed by a user of the stream. */
	boolean removed;

	boolean lossTold;

	/** Its group was lost: what it knew may happen once more. */
	boolean isLoose;

	/** The consumer that it was last delivered to. */
	@Nullable String holder;

	/** Which attempt was given more time. */
	int extended;

	long extendedUntil;

	SimulatedMessage(int number, @Nullable String key) {
		this.number = number;
		this.key = key;
	}

	boolean wasPending() {
		return this.lastTouch > 0;
	}

	boolean isDone() {
		return this.handled || this.dead || this.removed;
	}

	@Override
	public String toString() {
		return this.starts + " starts" + (this.failed ? ", failed" : "") + (this.handled ? ", handled" : "")
				+ (this.dead ? ", dead" : "") + ((this.holder != null) ? ", last with " + this.holder : "");
	}

}
