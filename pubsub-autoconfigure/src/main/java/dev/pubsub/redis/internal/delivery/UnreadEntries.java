package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.internal.redis.StreamProgress;
import dev.pubsub.redis.observe.UnreadLoss;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether entries of a subscription were removed before its group had read them:
 * before the first read, and once per interval. The consumers of a container share one.
 * Thread-safe: {@code lock} guards the state.
 */
final class UnreadEntries {

	private static final Logger logger = LoggerFactory.getLogger(UnreadEntries.class);

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final Duration REMINDER = Duration.ofMinutes(1);

	/**
	 * How many times as long as a look a pause takes at least. Redis tells nothing about
	 * a stream without its first and its last entry, and stands still while it has large
	 * ones in hand.
	 */
	private static final int REST = 200;

	/**
	 * How many intervals a pause takes at most: a look may also take long as this process
	 * or the network is busy.
	 */
	private static final int MOST_INTERVALS = 8;

	/**
	 * How many intervals a pause takes while consumers only wait for entries: what is
	 * added then is delivered at once, and little can be removed before.
	 */
	private static final int IDLE_INTERVALS = 24;

	private final DeliverySettings settings;

	private final DeliveryRuntime runtime;

	private final GroupClient client;

	private final UnreadLosses losses = new UnreadLosses();

	private final ReentrantLock lock = new ReentrantLock();

	private boolean looked;

	private long lastLook;

	private volatile long lastDuration;

	private volatile boolean mayHaveMissed;

	private boolean warned;

	private long lastWarning;

	private long total;

	private boolean refused;

	UnreadEntries(DeliverySettings settings, DeliveryRuntime runtime) {
		this.settings = settings;
		this.runtime = runtime;
		this.client = runtime.clients().over(runtime.control(), settings.group(), "");
	}

	/**
	 * Look, and wait for the answer: once the group has read on, newer servers do not
	 * tell any more.
	 */
	void lookBeforeReading() throws InterruptedException {
		try {
			lookNow().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("Reading from {} without a look at what was removed", this.settings, FailureText.loggable(ex));
		}
	}

	/**
	 * A consumer was given entries, or did not read for a while: more may have been added
	 * than it got.
	 */
	void mayHaveMissed() {
		if (!this.mayHaveMissed) {
			this.mayHaveMissed = true;
		}
	}

	/**
	 * Look, unless another consumer has done so less than most of an interval ago, or a
	 * look takes so long that it would be a burden, or there is hardly anything to find.
	 */
	void look() {
		long interval = this.settings.leases().claimInterval().toNanos();
		long least = this.mayHaveMissed ? interval / 2 : IDLE_INTERVALS * interval - interval / 2;
		long pause = Math.max(least, Math.min(MOST_INTERVALS * interval, REST * this.lastDuration));
		this.lock.lock();
		try {
			if (this.looked && this.runtime.ticker().getAsLong() - this.lastLook < pause) {
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		lookNow();
	}

	private CompletableFuture<?> lookNow() {
		long start = this.runtime.ticker().getAsLong();
		// First, so that what is missed from now on is looked for again.
		this.mayHaveMissed = false;
		this.lock.lock();
		try {
			this.looked = true;
			this.lastLook = start;
		}
		finally {
			this.lock.unlock();
		}
		return this.client.progress().whenComplete((progress, failure) -> {
			this.lastDuration = this.runtime.ticker().getAsLong() - start;
			if (failure != null) {
				failed(failure);
			}
			else {
				looked(progress);
			}
		});
	}

	private void looked(@Nullable StreamProgress progress) {
		Optional<UnreadLosses.Loss> loss;
		this.lock.lock();
		try {
			loss = this.losses.look(progress);
			loss.ifPresent(this::log);
		}
		finally {
			this.lock.unlock();
		}
		loss.ifPresent(this::tell);
	}

	private void log(UnreadLosses.Loss loss) {
		this.total += loss.atLeast();
		long now = this.runtime.ticker().getAsLong();
		if (this.warned && now - this.lastWarning < REMINDER.toNanos()) {
			return;
		}
		this.warned = true;
		this.lastWarning = now;
		logger.warn(
				"At least {} entries of {} were removed before the group had read them, after {} and {} ({} since the"
						+ " start): the stream is trimmed too early",
				loss.atLeast(), this.settings, loss.after(),
				(loss.before() != null) ? "before " + loss.before() : "up to the last one", this.total);
	}

	private void tell(UnreadLosses.Loss loss) {
		EntryId before = loss.before();
		try {
			this.runtime.observer()
				.onUnreadLoss(new UnreadLoss(this.settings.id(), this.settings.stream(), this.settings.group().group(),
						loss.after().toRecordId(), (before != null) ? before.toRecordId() : null, loss.atLeast()));
		}
		catch (Throwable ex) {
			logger.warn("Observer failed on entries of {} that were removed", this.settings, FailureText.loggable(ex));
		}
	}

	private void failed(Throwable failure) {
		boolean refusal = RedisFault.of(failure) == RedisFault.REFUSED;
		if (!refusal) {
			this.mayHaveMissed = true;
		}
		this.lock.lock();
		try {
			if (refusal && !this.refused) {
				this.refused = true;
				logger.info("Redis does not permit to look whether unread entries of {} are removed: {}", this.settings,
						Failures.unwrap(failure).getMessage());
			}
		}
		finally {
			this.lock.unlock();
		}
		logger.debug("Cannot look whether unread entries of {} are removed", this.settings, failure);
	}

}
