package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.pubsub.redis.PubSubException;
import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.ReadableDuration;
import org.slf4j.Logger;

/**
 * Logs a failure that repeats: once when it begins, then a line every 30 s with a count,
 * and once when it is over. Thread-safe: its own lock guards the state, and what it
 * guards is quick.
 */
public final class OutageLog {

	private static final long REMINDER_NANOS = Duration.ofSeconds(30).toNanos();

	private final Logger logger;

	private final String activity;

	private final LongSupplier ticker;

	private int failures;

	private long since;

	private long lastLine;

	/**
	 * Create a log.
	 * @param logger where to log
	 * @param activity what fails, such as {@code Reading from orders (group billing)}
	 * @param ticker monotonic nanoseconds
	 */
	public OutageLog(Logger logger, String activity, LongSupplier ticker) {
		this.logger = logger;
		this.activity = activity;
		this.ticker = ticker;
	}

	public synchronized void failed(Throwable cause, String consequence) {
		long now = this.ticker.getAsLong();
		this.failures++;
		if (this.failures == 1) {
			this.since = now;
			this.lastLine = now;
			this.logger.warn("{} failed, {}: {}", this.activity, consequence, describe(cause));
			this.logger.debug("{} failed", this.activity, FailureText.loggable(cause));
		}
		else if (now - this.lastLine >= REMINDER_NANOS) {
			this.lastLine = now;
			this.logger.warn("{} still fails after {} ({} times), {}: {}", this.activity, elapsed(now), this.failures,
					consequence, describe(cause));
		}
	}

	public synchronized void succeeded() {
		if (this.failures > 0) {
			this.logger.info("{} works again after {} ({} failures)", this.activity, elapsed(this.ticker.getAsLong()),
					this.failures);
			this.failures = 0;
		}
	}

	private String elapsed(long now) {
		return ReadableDuration.of(Duration.ofNanos(now - this.since));
	}

	/**
	 * The library's own exceptions say all that there is to say; others are wrapped.
	 */
	private static String describe(Throwable cause) {
		Throwable failure = RedisFault.unwrap(cause);
		String message = (failure instanceof PubSubException) ? FailureText.messageOf(failure) : null;
		return (message != null) ? message : FailureText.reasonOf(failure);
	}

}
