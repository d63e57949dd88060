package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

import dev.pubsub.redis.listener.AckMode;
import dev.pubsub.redis.listener.BatchStreamHandler;
import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.Redelivery;
import dev.pubsub.redis.listener.RetryBackoff;
import dev.pubsub.redis.listener.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes of one simulation subscribe with, as the seed says: whether they handle
 * batches, when they acknowledge, and how many consumers each of them has. Cron messages
 * are not among them: they are entries as others are.
 *
 * @param ackMode when they acknowledge
 * @param batch whether they handle several messages at once
 * @param processes consumers per node
 * @param delete whether what is acknowledged is deleted
 * @param inOneStep whether the server can do both at once
 * @param ordered whether the messages of a key are handled one after the other
 */
record SimulatedMode(AckMode ackMode, boolean batch, int processes, boolean delete, boolean inOneStep,
		boolean ordered) {

	private static final String[] KEYS = { "ann", "bob", "cid", "" };

	static final int THREADS = 3;

	static final Duration LEASE = Duration.ofSeconds(6);

	static final Duration TIMEOUT = Duration.ofSeconds(8);

	/** Of which the seed chooses one: half of the runs do what most users do. */
	private static final AckMode[] ACK_MODES = { AckMode.ON_SUCCESS, AckMode.ON_SUCCESS, AckMode.ON_SUCCESS,
			AckMode.ON_SUCCESS, AckMode.MANUAL, AckMode.MANUAL, AckMode.ALWAYS, AckMode.NONE };

	/**
	 * Return the mode of a seed. {@code -Dpubsub.simulation.mode=MANUAL} has all of them
	 * acknowledge in one way.
	 */
	static SimulatedMode of(long seed) {
		SplittableRandom random = new SplittableRandom(seed);
		AckMode chosen = ACK_MODES[random.nextInt(ACK_MODES.length)];
		String wanted = System.getProperty("pubsub.simulation.mode");
		AckMode ackMode = (wanted != null) ? AckMode.valueOf(wanted) : chosen;
		boolean batch = random.nextInt(3) == 0;
		int processes = (random.nextInt(4) == 0) ? 2 : 1;
		boolean delete = random.nextInt(4) == 0 && ackMode != AckMode.NONE;
		boolean inOneStep = random.nextBoolean();
		boolean ordered = random.nextInt(3) == 0 && ackMode != AckMode.NONE;
		return new SimulatedMode(ackMode, batch, ordered ? 1 : processes, delete, inOneStep, ordered);
	}

	/**
	 * Return the key of a message, {@code null} for none.
	 * @param number how many were published before
	 */
	@Nullable String keyOf(long seed, int number) {
		String key = KEYS[new SplittableRandom(seed * 31 + number).nextInt(KEYS.length)];
		return (this.ordered && !key.isEmpty()) ? key : null;
	}

	boolean isAtMostOnce() {
		return this.ackMode == AckMode.NONE;
	}

	/**
	 * Return whether a handler says itself that a message is done.
	 */
	boolean isManual() {
		return this.ackMode == AckMode.MANUAL;
	}

	/**
	 * Return how often a message may start, where its group is not lost.
	 */
	int mostStarts(Subscription subscription) {
		return isAtMostOnce() ? 1 : subscription.redelivery().retryCount() + 1;
	}

	Subscription subscription(BatchStreamHandler handler) {
		return of(handler).withOptions(options())
			.withRedelivery(Redelivery.defaults()
				.withRetryCount(3)
				.withTimeout(TIMEOUT)
				.withBackoff(RetryBackoff.defaults()
					.withDelay(Duration.ofMillis(800))
					.withMaxDelay(Duration.ofSeconds(9))
					.withMultiplier(4)));
	}

	private Subscription of(BatchStreamHandler handler) {
		if (this.batch) {
			return Subscription.ofBatches("orders", "billing", handler);
		}
		return Subscription.of("orders", "billing",
				(message, acknowledgment) -> handler.handle(List.of(message), List.of(acknowledgment)));
	}

	private ContainerOptions options() {
		return ContainerOptions.defaults()
			.withAckMode(this.ackMode)
			.withProcesses(this.processes)
			.withOrdered(this.ordered)
			.withDeleteAfterAck(this.delete)
			.withThreads(THREADS)
			.withReadCount(8)
			.withLease(LEASE)
			.withClaimInterval(Duration.ofSeconds(2))
			.withBlock(Duration.ofSeconds(1))
			.withShutdownTimeout(Duration.ofSeconds(2))
			.withReapIdleAfter(Duration.ofSeconds(30));
	}

}
