package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.concurrent.SharedTicks;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.Ownership;
import dev.pubsub.redis.observe.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the lease of everything in flight, three times per lease, on the timer and
 * independent of workers and reads. Sends nothing while nothing is in flight.
 */
final class LeaseKeeper {

	private static final Logger logger = LoggerFactory.getLogger(LeaseKeeper.class);

	private static final int CHUNK = 200;

	private final Duration lease;

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final GroupGuard groupGuard;

	private final MessageReporter reporter;

	private final LongSupplier ticker;

	private final Runnable contact;

	private final OutageLog outage;

	private final Loop renewals;

	/**
	 * Create a keeper that keeps nothing yet.
	 * @param ticks run the renewals
	 * @param contact is told when Redis answered
	 * @param outage tells when Redis did not
	 */
	LeaseKeeper(Duration lease, GroupClient client, InFlightMessages inFlight, GroupGuard groupGuard,
			MessageReporter reporter, LongSupplier ticker, SharedTicks ticks, Runnable contact, OutageLog outage) {
		this.lease = lease;
		this.client = client;
		this.inFlight = inFlight;
		this.groupGuard = groupGuard;
		this.reporter = reporter;
		this.ticker = ticker;
		this.contact = contact;
		this.outage = outage;
		this.renewals = ticks.loop("Renewing leases of " + client.group(), interval(), this::renewInTurn);
	}

	void start() {
		renewLater();
	}

	void stop() {
		this.renewals.stop();
	}

	/**
	 * Renew all leases now.
	 */
	void renewAll() {
		this.renewals.wake();
	}

	private void renewInTurn() {
		renewLater();
		List<InFlightMessage> chunk = new ArrayList<>();
		boolean any = false;
		for (InFlightMessage message : this.inFlight.all()) {
			if (!isRenewed(message)) {
				continue;
			}
			any = true;
			chunk.add(message);
			if (chunk.size() == CHUNK) {
				renew(chunk);
				chunk = new ArrayList<>();
			}
		}
		if (!chunk.isEmpty()) {
			renew(chunk);
		}
		else if (!any) {
			this.outage.succeeded();
		}
	}

	private void renewLater() {
		this.renewals.wakeAfter(interval());
	}

	private Duration interval() {
		return this.lease.dividedBy(3);
	}

	private static boolean isRenewed(InFlightMessage message) {
		return switch (message.stage()) {
			case QUEUED, RUNNING, TIMED_OUT, STOPPED, UNDECIDED, SETTLING, WAITING -> true;
			case LEASE_LOST, STUCK, HANDING_BACK, IN_REDIS, DUE, LEFT, GONE -> false;
		};
	}

	private void renew(List<InFlightMessage> chunk) {
		long leaseUntil = leaseUntil();
		List<EntryId> ids = chunk.stream().map(InFlightMessage::id).toList();
		this.client.renew(ids).whenComplete((ownerships, failure) -> {
			if (ownerships == null) {
				this.outage.failed((failure != null) ? failure : new IllegalStateException("No reply"),
						"other consumers get what is not renewed for a lease");
				return;
			}
			for (int i = 0; i < chunk.size(); i++) {
				renewed(chunk.get(i), ownerships.get(i), leaseUntil);
			}
			this.outage.succeeded();
			this.contact.run();
		});
	}

	/**
	 * Return until when a lease that is taken now may be relied on.
	 */
	long leaseUntil() {
		return this.ticker.getAsLong() + leaseNanos();
	}

	/**
	 * Return how long a lease may be relied on: a little less than Redis grants.
	 */
	long leaseNanos() {
		return this.lease.toNanos() * 9 / 10;
	}

	private void renewed(InFlightMessage message, Ownership ownership, long leaseUntil) {
		switch (ownership) {
			case OWNED -> message.setLeaseUntil(leaseUntil);
			case PAYLOAD_GONE -> payloadGone(message, leaseUntil);
			case LOST -> leaseLost(message);
			case UNOWNED -> unowned(message, leaseUntil);
		}
	}

	/**
	 * The entry was trimmed: who has its payload may finish, but it cannot come again.
	 */
	private void payloadGone(InFlightMessage message, long leaseUntil) {
		message.setLeaseUntil(leaseUntil);
		message.markDeleted();
		if (message.stage() == Stage.WAITING && message.fields().size() == 0 && this.inFlight.remove(message)) {
			this.reporter.reportLost(message.id());
		}
	}

	/**
	 * Nobody can have taken a message whose lease is valid: its group was lost, and this
	 * consumer may be the only one that has it.
	 */
	private void unowned(InFlightMessage message, long leaseUntil) {
		this.groupGuard.suspectLoss();
		if (message.hasLease(this.ticker.getAsLong())) {
			message.setLeaseUntil(leaseUntil);
		}
		else {
			leaseLost(message);
		}
	}

	/**
	 * Somebody else has the message now, or it is settled.
	 */
	private void leaseLost(InFlightMessage message) {
		if (message.stage() == Stage.SETTLING || message.stage() == Stage.UNDECIDED) {
			return;
		}
		message.loseLease(this.ticker.getAsLong());
		HandlerRun run = message.run();
		if (run != null && run.loseLease(message)) {
			logger.warn("Lost the lease of {} in {} while it was handled", message.id(), this.client.group().stream());
			this.reporter.report(message, Outcome.LEASE_LOST);
		}
		else if (message.stage() == Stage.QUEUED || message.stage() == Stage.WAITING) {
			this.inFlight.leave(message);
		}
	}

}
