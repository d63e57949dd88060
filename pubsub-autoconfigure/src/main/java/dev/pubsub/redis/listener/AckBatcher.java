package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.RedisFault;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acknowledges messages in natural batches: one command is under way at a time, and what
 * completes meanwhile goes with the next. A refused or lost acknowledgement is owed: its
 * message stays in flight, so its lease is renewed, and it is sent again until it is
 * done. Thread-safe, lock-free.
 */
final class AckBatcher {

	private static final Logger logger = LoggerFactory.getLogger(AckBatcher.class);

	private static final int LARGEST_BATCH = 512;

	private static final Duration RETRY_DELAY = Duration.ofMillis(200);

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final OutageLog outage;

	private final boolean delete;

	private final Queue<InFlightMessage> owed = new ConcurrentLinkedQueue<>();

	private final AtomicInteger size = new AtomicInteger();

	private final Loop batches;

	private volatile boolean underWay;

	private volatile boolean waits;

	private volatile boolean deletesInOneStep = true;

	AckBatcher(GroupClient client, InFlightMessages inFlight, BackgroundThreads threads, OutageLog outage,
			boolean delete) {
		this.client = client;
		this.inFlight = inFlight;
		this.outage = outage;
		this.delete = delete;
		this.batches = new Loop("Acknowledging", Runnable::run, threads.timer(), this::sendNext);
	}

	/**
	 * Owe the acknowledgement of a message, to be sent with the next {@link #flush()}.
	 * Its payload is needed no more, and may be large.
	 */
	void add(InFlightMessage message) {
		message.forgetFields();
		this.size.incrementAndGet();
		this.owed.add(message);
	}

	/**
	 * Return how many acknowledgements Redis has not confirmed.
	 */
	int size() {
		return this.size.get();
	}

	/**
	 * Send what is owed, unless a batch is under way: what is owed then goes with the
	 * next.
	 */
	void flush() {
		if (!this.underWay && !this.waits && !this.owed.isEmpty()) {
			this.batches.wake();
		}
	}

	private void sendNext() {
		if (this.underWay) {
			return;
		}
		List<InFlightMessage> batch = new ArrayList<>();
		try {
			take(batch);
			if (!batch.isEmpty()) {
				this.underWay = true;
				this.waits = false;
				send(batch.stream().map(InFlightMessage::id).toList())
					.whenComplete((acknowledged, failure) -> completed(batch, acknowledged, failure));
			}
		}
		catch (Throwable ex) {
			completed(batch, null, ex);
		}
	}

	private void take(List<InFlightMessage> batch) {
		InFlightMessage message = this.owed.peek();
		while (message != null && batch.size() < LARGEST_BATCH) {
			batch.add(message);
			this.owed.remove();
			message = this.owed.peek();
		}
	}

	private CompletableFuture<Long> send(List<EntryId> ids) {
		if (!this.delete) {
			return this.client.acknowledge(ids);
		}
		if (this.deletesInOneStep) {
			return this.client.acknowledgeAndDelete(ids);
		}
		return this.client.acknowledge(ids)
			.thenCombine(this.client.delete(ids), (acknowledged, deleted) -> acknowledged);
	}

	private void completed(List<InFlightMessage> batch, @Nullable Long acknowledged, @Nullable Throwable failure) {
		Duration next = RETRY_DELAY;
		try {
			next = settle(batch, acknowledged, failure);
		}
		catch (Throwable ex) {
			logger.debug("Settling what was acknowledged broke off, it is acknowledged again", ex);
			this.owed.addAll(batch);
		}
		finally {
			this.underWay = false;
			this.batches.wakeAfter(next);
		}
	}

	/**
	 * Settle a batch, or owe it again.
	 * @return the time until the next batch
	 */
	private Duration settle(List<InFlightMessage> batch, @Nullable Long acknowledged, @Nullable Throwable failure) {
		if (acknowledged != null) {
			settled(batch, acknowledged);
			return Duration.ZERO;
		}
		Throwable cause = (failure != null) ? failure : new IllegalStateException("No reply");
		RedisFault fault = RedisFault.of(cause);
		if (fault == RedisFault.LOST_GROUP) {
			settled(batch, batch.size());
			return Duration.ZERO;
		}
		if (fault == RedisFault.UNSUPPORTED && this.delete && this.deletesInOneStep) {
			this.deletesInOneStep = false;
			this.owed.addAll(batch);
			return Duration.ZERO;
		}
		Duration delay = this.outage.failed(cause, "they are sent again", RETRY_DELAY);
		this.waits = true;
		this.owed.addAll(batch);
		return delay;
	}

	private void settled(List<InFlightMessage> batch, long acknowledged) {
		batch.forEach(this.inFlight::remove);
		this.outage.succeeded();
		this.size.addAndGet(-batch.size());
		if (acknowledged < batch.size()) {
			logger.debug("{} of {} messages were acknowledged elsewhere before", batch.size() - acknowledged,
					batch.size());
		}
	}

}
