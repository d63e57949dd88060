package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.RedisFault;

/**
 * Whether Redis confirms what it is told of one kind: tells when it does not, when it
 * does again, and how long to wait between. Thread-safe.
 */
final class Confirmations {

	private static final Duration LOST_GROUP_DELAY = Duration.ofSeconds(2);

	private final OutageLog outage;

	private final String consequence;

	private final Duration retryDelay;

	private final AtomicInteger owed = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	/**
	 * Create confirmations of one kind.
	 * @param outage tells when Redis does not confirm
	 * @param consequence what that means, in log lines
	 * @param retryDelay time until Redis is told again
	 */
	Confirmations(OutageLog outage, String consequence, Duration retryDelay) {
		this.outage = outage;
		this.consequence = consequence;
		this.retryDelay = retryDelay;
	}

	/**
	 * Something is owed.
	 */
	void begun() {
		this.owed.incrementAndGet();
	}

	/**
	 * Return how much is owed.
	 */
	int owed() {
		return this.owed.get();
	}

	/**
	 * Redis did not confirm something.
	 * @param first whether it had not refused this before
	 * @return time until it is told again
	 */
	Duration refused(Throwable cause, boolean first) {
		if (first) {
			this.refused.incrementAndGet();
		}
		boolean lostGroup = RedisFault.of(cause) == RedisFault.LOST_GROUP;
		return this.outage.failed(cause, this.consequence, lostGroup ? LOST_GROUP_DELAY : this.retryDelay);
	}

	/**
	 * Redis confirmed something.
	 * @param refusedBefore whether it had refused this before
	 */
	void confirmed(boolean refusedBefore) {
		if (refusedBefore) {
			this.refused.decrementAndGet();
		}
		this.outage.succeeded();
	}

	/**
	 * Something is owed no more. After the last that was refused, nothing fails.
	 * @param refused whether it was refused, and not confirmed since
	 */
	void ended(boolean refused) {
		this.owed.decrementAndGet();
		if (refused && this.refused.decrementAndGet() == 0) {
			this.outage.succeeded();
		}
	}

	/**
	 * Nothing of the kind is refused but what is owed.
	 */
	void nothingElse() {
		if (this.refused.get() == 0) {
			this.outage.succeeded();
		}
	}

}
