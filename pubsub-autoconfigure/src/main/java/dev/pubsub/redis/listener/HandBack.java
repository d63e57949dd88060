package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.observe.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back what a consumer was given and did not start when it stops, so that nobody
 * has to wait for its leases to run out.
 */
final class HandBack {

	private static final Logger logger = LoggerFactory.getLogger(HandBack.class);

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final OwnPending ownPending;

	private final MessageReporter reporter;

	HandBack(GroupClient client, InFlightMessages inFlight, OwnPending ownPending, MessageReporter reporter) {
		this.client = client;
		this.inFlight = inFlight;
		this.ownPending = ownPending;
		this.reporter = reporter;
	}

	/**
	 * Give back messages that will not start.
	 */
	void release(List<InFlightMessage> unstarted) {
		if (unstarted.isEmpty()) {
			return;
		}
		List<EntryId> ids = unstarted.stream().map(InFlightMessage::id).toList();
		this.client.release(ids).whenComplete((released, failure) -> {
			if (failure != null) {
				tell("Handing back " + ids.size() + " messages of " + this.client.group()
						+ " failed, they come again after their lease", failure);
			}
			else {
				unstarted.forEach((message) -> this.reporter.report(message, Outcome.RELEASED));
			}
		});
		unstarted.forEach(this.inFlight::leave);
	}

	/**
	 * That Redis is away was told before; that it refuses something is news.
	 */
	private static void tell(String what, Throwable failure) {
		if (RedisFault.of(failure).isReply()) {
			logger.warn("{}: {}", what, FailureText.messageOf(Failures.unwrap(failure)));
		}
		else {
			logger.debug("{}", what, failure);
		}
	}

	/**
	 * Give back what this process never saw, and leave the group.
	 * @param atMost how long to wait for Redis
	 */
	void leave(Duration atMost) {
		try {
			this.ownPending.release();
			this.client.reapSelf().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (Exception ex) {
			tell("Leaving " + this.client.group() + " failed, its consumer is deleted later", ex);
		}
	}

}
