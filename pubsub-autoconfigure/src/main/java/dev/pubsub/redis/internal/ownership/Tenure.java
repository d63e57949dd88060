package dev.pubsub.redis.internal.ownership;

/**
 * The time for which a consumer owns a stream. Thread-safe.
 */
public final class Tenure {

	private final String owner;

	private final long token;

	private volatile long validUntil;

	private volatile int standby;

	Tenure(String owner, long token, long validUntil, int standby) {
		this.owner = owner;
		this.token = token;
		this.validUntil = validUntil;
		this.standby = standby;
	}

	/**
	 * Return the name of the consumer.
	 */
	public String owner() {
		return this.owner;
	}

	/**
	 * Return the token of its reads and claims, greater than that of each owner before.
	 */
	public long token() {
		return this.token;
	}

	/**
	 * Return whether no other consumer can own the stream now, by the local clock.
	 * @param now monotonic nanoseconds
	 */
	public boolean isValid(long now) {
		return this.validUntil - now > 0;
	}

	/**
	 * Return how many other instances wait, as of the last renewal.
	 */
	public int standby() {
		return this.standby;
	}

	void renewed(long until, int waiting) {
		this.validUntil = until;
		this.standby = waiting;
	}

	void end(long now) {
		this.validUntil = now;
	}

	@Override
	public String toString() {
		return this.owner + " (token " + this.token + ")";
	}

}
