package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.observe.Outcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what a consumer was given and did not start when it stops, so that nobody
 * has to wait for its leases to run out.
 */
final class HandBack {

	private static final Logger logger = LoggerFactory.getLogger(HandBack.class);

	private static final Duration RETRY_DELAY = Duration.ofMillis(200);

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final OwnPending ownPending;

	private final MessageReporter reporter;

	private final Settler settler;

	private final Confirmations confirmations;

	private volatile boolean ended;

	HandBack(GroupClient client, InFlightMessages inFlight, OwnPending ownPending, MessageReporter reporter,
			Settler settler, OutageLog outage) {
		this.client = client;
		this.inFlight = inFlight;
		this.ownPending = ownPending;
		this.reporter = reporter;
		this.settler = settler;
		this.confirmations = new Confirmations(outage,
				"it is tried again until the stop ends, then the messages come again after their lease", RETRY_DELAY);
	}

	/**
	 * Give back messages that will not start.
	 */
	void release(List<InFlightMessage> unstarted) {
		if (unstarted.isEmpty()) {
			return;
		}
		try {
			this.settler.owe(new Release(unstarted));
		}
		finally {
			unstarted.forEach(this.inFlight::leave);
		}
	}

	/**
	 * Return how many releases Redis has not confirmed.
	 */
	int owed() {
		return this.confirmations.owed();
	}

	/**
	 * Give back what this process never saw, and leave the group.
	 * @param atMost how long to wait for Redis, and to try again
	 */
	void leave(Duration atMost) {
		long end = System.nanoTime() + atMost.toNanos();
		Exception failure;
		do {
			failure = tryToLeave(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
		}
		while (failure != null && isForLater(failure) && pause(end));
		this.ended = true;
		if (failure != null) {
			tell(failure);
		}
	}

	/**
	 * Look again where the consumer owns something: a read that ended with its connection
	 * may be executed after the first look.
	 */
	private @Nullable Exception tryToLeave(Duration atMost) {
		try {
			this.ownPending.release();
			if (!isDeleted(atMost)) {
				this.ownPending.release();
				isDeleted(atMost);
			}
			return null;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
		catch (Exception ex) {
			return ex;
		}
	}

	private boolean isDeleted(Duration atMost) throws ExecutionException, InterruptedException, TimeoutException {
		return this.client.reapSelf().get(atMost.toNanos(), TimeUnit.NANOSECONDS) > 0;
	}

	private static boolean isForLater(Exception failure) {
		return switch (RedisFault.of(failure)) {
			case LOST_GROUP, GROUP_EXISTS, REFUSED, UNSUPPORTED -> false;
			case READ_ONLY, UNAVAILABLE, OTHER_REPLY, NOT_SENT, NO_REPLY -> true;
		};
	}

	private static boolean pause(long end) {
		long rest = end - System.nanoTime() - RETRY_DELAY.toNanos();
		if (rest > 0) {
			LockSupport.parkNanos(RETRY_DELAY.toNanos());
		}
		return rest > 0 && !Thread.currentThread().isInterrupted();
	}

	/**
	 * That Redis is away was told before; that it refuses something is news.
	 */
	private void tell(Exception failure) {
		String what = "Leaving " + this.client.group() + " failed, its consumer is deleted later";
		if (RedisFault.of(failure).isReply()) {
			logger.warn("{}: {}", what, FailureText.messageOf(Failures.unwrap(failure)));
		}
		else {
			logger.debug("{}", what, failure);
		}
	}

	/**
	 * A release that Redis has not confirmed. It is tried until the consumer has left:
	 * its messages come again after their leases in any case.
	 */
	final class Release extends Owed<Long> {

		private final List<InFlightMessage> messages;

		Release(List<InFlightMessage> messages) {
			super(HandBack.this.confirmations);
			this.messages = messages;
		}

		@Override
		@Nullable CompletableFuture<Long> send() {
			return HandBack.this.ended ? null
					: HandBack.this.client.release(this.messages.stream().map(InFlightMessage::id).toList());
		}

		@Override
		@Nullable Duration confirmed(Long released) {
			this.messages.forEach((message) -> HandBack.this.reporter.report(message, Outcome.RELEASED));
			return null;
		}

		@Override
		Remedy remedy(RedisFault fault) {
			return (fault == RedisFault.LOST_GROUP) ? Remedy.NONE : Remedy.LATER;
		}

		@Override
		public String toString() {
			return "the release of " + this.messages.size() + " messages";
		}

	}

}
