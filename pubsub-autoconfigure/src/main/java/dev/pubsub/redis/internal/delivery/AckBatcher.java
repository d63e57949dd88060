package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.RedisFault;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Acknowledges messages in natural batches: one is owed at a time, and what completes
 * meanwhile goes with the next. Until Redis confirms it, a message stays in flight, so
 * its lease is renewed. Thread-safe, lock-free.
 */
final class AckBatcher {

	private static final Logger logger = LoggerFactory.getLogger(AckBatcher.class);

	private static final int LARGEST_BATCH = 512;

	private static final Duration RETRY_DELAY = Duration.ofMillis(200);

	private final GroupClient client;

	private final InFlightMessages inFlight;

	private final Settler settler;

	private final Confirmations confirmations;

	private final boolean delete;

	private final Queue<InFlightMessage> waiting = new ConcurrentLinkedQueue<>();

	private final AtomicInteger size = new AtomicInteger();

	private final Loop batches;

	private volatile @Nullable Batch batch;

	private volatile boolean deletesInOneStep = true;

	AckBatcher(GroupClient client, InFlightMessages inFlight, Settler settler, ScheduledExecutorService timer,
			OutageLog outage, boolean delete) {
		this.client = client;
		this.inFlight = inFlight;
		this.settler = settler;
		this.confirmations = new Confirmations(outage, "they are sent again", RETRY_DELAY);
		this.delete = delete;
		this.batches = new Loop("Acknowledging", Runnable::run, timer, this::sendNext);
	}

	/**
	 * Owe the acknowledgement of a message, to be sent with the next {@link #flush()}.
	 * Its payload is needed no more, and may be large.
	 */
	void add(InFlightMessage message) {
		message.forgetFields();
		this.size.incrementAndGet();
		try {
			this.waiting.add(message);
		}
		catch (Throwable ex) {
			this.size.decrementAndGet();
			this.inFlight.leave(message);
			throw ex;
		}
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
		if (this.batch == null && !this.waiting.isEmpty()) {
			this.batches.wake();
		}
	}

	/**
	 * Fill a batch and owe it. The loop is here, and not in a method of its own: for its
	 * sake the JVM compiles the way to Redis after some hundred batches, not after 5,000.
	 */
	private void sendNext() {
		Batch next = this.batch;
		if (next == null) {
			if (this.waiting.isEmpty()) {
				return;
			}
			next = new Batch();
			this.batch = next;
		}
		if (!next.isRegistered()) {
			InFlightMessage message = this.waiting.peek();
			while (message != null && next.add(message)) {
				this.waiting.remove();
				message = this.waiting.peek();
			}
			this.settler.owe(next);
		}
	}

	/**
	 * Some acknowledgements that Redis is told of at once.
	 */
	final class Batch extends Owed<Long> {

		private final List<InFlightMessage> messages = new ArrayList<>();

		Batch() {
			super(AckBatcher.this.confirmations);
		}

		private boolean add(InFlightMessage message) {
			return this.messages.size() < LARGEST_BATCH && this.messages.add(message);
		}

		@Override
		CompletableFuture<Long> send() {
			this.messages.forEach(InFlightMessage::coverDeliveries);
			List<EntryId> ids = this.messages.stream().map(InFlightMessage::id).toList();
			GroupClient client = AckBatcher.this.client;
			if (!AckBatcher.this.delete) {
				return client.acknowledge(ids);
			}
			if (AckBatcher.this.deletesInOneStep) {
				return client.acknowledgeAndDelete(ids);
			}
			return client.acknowledge(ids).thenCombine(client.delete(ids), (acknowledged, deleted) -> acknowledged);
		}

		@Override
		@Nullable Duration confirmed(Long acknowledged) {
			if (acknowledged < this.messages.size()) {
				logger.debug("{} of {} messages were acknowledged elsewhere before",
						this.messages.size() - acknowledged, this.messages.size());
			}
			return null;
		}

		/**
		 * With its group, Redis forgot what there was to acknowledge.
		 */
		@Override
		Remedy remedy(RedisFault fault) {
			if (fault == RedisFault.UNSUPPORTED && AckBatcher.this.delete && AckBatcher.this.deletesInOneStep) {
				AckBatcher.this.deletesInOneStep = false;
				return Remedy.AT_ONCE;
			}
			return (fault == RedisFault.LOST_GROUP) ? Remedy.NONE : Remedy.LATER;
		}

		/**
		 * A message that came again while Redis was told is acknowledged once more.
		 */
		@Override
		void ended() {
			this.messages.forEach(AckBatcher.this.inFlight::remove);
			if (AckBatcher.this.batch == this) {
				this.messages.stream().filter(InFlightMessage::isDeliveredAgain).forEach(AckBatcher.this::add);
				AckBatcher.this.size.addAndGet(-this.messages.size());
				AckBatcher.this.batch = null;
			}
			AckBatcher.this.batches.wake();
		}

		@Override
		public String toString() {
			return this.messages.size() + " acknowledgements";
		}

	}

}
