package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.PubSubException;
import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.ReadableDuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs a failure that repeats: once when it begins, then a line every 30 s with a count,
 * and once when it is over. What begins again within 30 s with the same words is not told
 * again at once. Of several activities that a lost connection stops, one tells of it. A
 * connection that is being made for the first time is no failure yet. Thread-safe: its
 * own lock guards the state, and what it guards is quick.
 */
public final class OutageLog {

	private static final long REMINDER_NANOS = Duration.ofSeconds(30).toNanos();

	private final Logger logger;

	private final String activity;

	private final LongSupplier ticker;

	private final Duration refusedDelay;

	/** The log that tells of a lost connection now, on behalf of all that share this. */
	private final AtomicReference<@Nullable OutageLog> speaker;

	private int failures;

	private boolean told;

	private boolean ended;

	/** Whether another log tells of the same. */
	private boolean hushed;

	private long since;

	private long lastLine;

	private String lastReason = "";

	private @Nullable Throwable lastFailure;

	/**
	 * Create a log of what is shown to nobody as an outage.
	 * @param logger where to log
	 * @param activity what fails, such as {@code Reading from orders (group billing)}
	 * @param ticker monotonic nanoseconds
	 */
	public OutageLog(Logger logger, String activity, LongSupplier ticker) {
		this(logger, activity, ticker, Outages.REFUSED_DELAY, new AtomicReference<>());
	}

	/**
	 * Create a log.
	 * @param logger where to log
	 * @param activity what fails, such as {@code Reading from orders (group billing)}
	 * @param ticker monotonic nanoseconds
	 * @param refusedDelay time between attempts of what Redis refuses
	 * @param speaker holds the log that tells of a lost connection; shared
	 */
	OutageLog(Logger logger, String activity, LongSupplier ticker, Duration refusedDelay,
			AtomicReference<@Nullable OutageLog> speaker) {
		this.logger = logger;
		this.activity = activity;
		this.ticker = ticker;
		this.refusedDelay = refusedDelay;
		this.speaker = speaker;
	}

	/**
	 * Report a failure.
	 * @param cause why it failed
	 * @param consequence what happens now
	 * @param delay time until the next attempt
	 * @return the delay, or a longer one where Redis will refuse the command until
	 * somebody changes rights, passwords or keys
	 */
	public Duration failed(Throwable cause, String consequence, Duration delay) {
		if (RedisFault.of(cause) != RedisFault.REFUSED) {
			failed(cause, consequence);
			return delay;
		}
		failed(cause, consequence + ", every " + ReadableDuration.of(this.refusedDelay));
		return this.refusedDelay;
	}

	/**
	 * Report a failure of what is tried again without a delay of its own.
	 * @param cause why it failed
	 * @param consequence what happens now
	 */
	public synchronized void failed(Throwable cause, String consequence) {
		if (this.ended || Fence.isRefusal(cause)) {
			// That the stream has another owner is told once, for all activities.
			this.logger.debug("{} failed, {}: {}", this.activity, consequence, describe(cause));
			return;
		}
		if (this.failures == 0 && isConnecting(cause)) {
			this.logger.debug("{} waits for a connection", this.activity);
			return;
		}
		long now = this.ticker.getAsLong();
		String reason = describe(cause);
		boolean recent = !this.lastReason.isEmpty() && now - this.lastLine < REMINDER_NANOS;
		this.failures++;
		this.lastFailure = cause;
		if (this.failures == 1) {
			this.since = now;
			this.hushed = !maySpeak(cause);
			this.told = !this.hushed && !(recent && reason.equals(this.lastReason));
			if (this.told) {
				this.logger.warn("{} failed, {}: {}", this.activity, consequence, reason);
				this.logger.debug("{} failed", this.activity, FailureText.loggable(cause));
				lineWritten(now, reason);
			}
			else {
				this.logger.debug("{} failed, {}: {}", this.activity, consequence, reason);
			}
		}
		else if (!recent && !staysHushed(cause, now) && maySpeak(cause)) {
			this.hushed = false;
			this.told = true;
			this.logger.warn("{} still fails after {} ({} times), {}: {}", this.activity, elapsed(now), this.failures,
					consequence, reason);
			lineWritten(now, reason);
		}
	}

	/**
	 * Report that it worked, or that there is nothing left that could fail.
	 */
	public synchronized void succeeded() {
		if (this.failures > 0 && this.told) {
			this.logger.info("{} works again after {} ({} failures)", this.activity, elapsed(this.ticker.getAsLong()),
					this.failures);
		}
		this.failures = 0;
		this.lastFailure = null;
		this.speaker.compareAndSet(this, null);
	}

	/**
	 * Report that it is not tried any more, on purpose: whether it would fail is unknown,
	 * and of no interest.
	 */
	public synchronized void dismiss() {
		this.failures = 0;
		this.lastFailure = null;
		this.speaker.compareAndSet(this, null);
	}

	/**
	 * Report that it is not tried any more, and that failures that come late do not
	 * matter.
	 */
	synchronized void end() {
		this.ended = true;
		dismiss();
	}

	/**
	 * Return what fails now.
	 * @param now the time
	 * @return the outage, {@code null} while there is none
	 */
	synchronized @Nullable Outage present(Instant now) {
		Throwable failure = this.lastFailure;
		if (failure == null) {
			return null;
		}
		Instant began = now.minusNanos(this.ticker.getAsLong() - this.since).truncatedTo(ChronoUnit.MILLIS);
		Outage outage = Outage.of(this.activity, began, describe(failure));
		boolean refused = RedisFault.of(failure) == RedisFault.REFUSED;
		return (Failures.unwrap(failure) instanceof CommandFailedException command)
				? outage.withCommand(command.command(), command.key(), refused) : outage;
	}

	/**
	 * An answer of Redis is about one activity; a lost connection is about all.
	 */
	private boolean maySpeak(Throwable cause) {
		return !isLostConnection(cause) || this.speaker.compareAndSet(null, this) || this.speaker.get() == this;
	}

	private boolean staysHushed(Throwable cause, long now) {
		return this.hushed && isLostConnection(cause) && now - this.since < REMINDER_NANOS;
	}

	private static boolean isConnecting(Throwable cause) {
		return Failures.unwrap(cause) instanceof NotConnectedException failure && failure.isFirstAttempt();
	}

	private static boolean isLostConnection(Throwable cause) {
		return !RedisFault.of(cause).isReply() || RedisFault.isForLater(cause);
	}

	private void lineWritten(long now, String reason) {
		this.lastLine = now;
		this.lastReason = reason;
	}

	private String elapsed(long now) {
		return ReadableDuration.of(Duration.ofNanos(now - this.since));
	}

	/**
	 * The library's own exceptions say all that there is to say; others are wrapped.
	 */
	private static String describe(Throwable cause) {
		Throwable failure = Failures.unwrap(cause);
		String message = (failure instanceof PubSubException) ? FailureText.messageOf(failure) : null;
		return (message != null) ? message : FailureText.reasonOf(failure);
	}

}
