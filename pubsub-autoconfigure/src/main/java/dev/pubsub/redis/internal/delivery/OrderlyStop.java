package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.pubsub.redis.observe.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a consumer: reads no more, lets handlers and who decides for them finish, confirms
 * what is done, hands back the rest. Runs once, on a thread that may block, after a limit
 * was set.
 */
final class OrderlyStop {

	private static final Logger logger = LoggerFactory.getLogger(OrderlyStop.class);

	private static final Duration LAST_WORDS = Duration.ofSeconds(3);

	private static final Duration NEW_CONNECTION = Duration.ofMillis(500);

	private final StreamConsumer consumer;

	private final PollLoop pollLoop;

	private final ClaimScheduler claims;

	private final AckBatcher acks;

	private final HandBack handBack;

	private volatile Limit limit = Limit.NONE;

	OrderlyStop(StreamConsumer consumer, PollLoop pollLoop, ClaimScheduler claims, AckBatcher acks, HandBack handBack) {
		this.consumer = consumer;
		this.pollLoop = pollLoop;
		this.claims = claims;
		this.acks = acks;
		this.handBack = handBack;
	}

	/**
	 * Let handlers go on for some time from now, unless they may go on for less already.
	 */
	synchronized void limit(Duration time) {
		this.limit = this.limit.earlier(new Limit(time, System.nanoTime() + time.toNanos()));
	}

	/**
	 * Stop the consumer. Whatever breaks off, it renews no lease afterwards.
	 */
	void run() {
		try {
			end();
		}
		finally {
			this.consumer.leases().stop();
			this.consumer.inFlight().leaveAll();
		}
	}

	private void end() {
		this.claims.stop();
		this.pollLoop.stop();
		release(this.consumer.dispatcher().close());
		awaitReader();
		awaitUntil(System.nanoTime() + LAST_WORDS.toNanos(), this.claims::isIdle);
		release(this.consumer.dispatcher().close());
		awaitHandlers();
		interruptHandlers();
		awaitUntil(System.nanoTime() + LAST_WORDS.toNanos(), () -> !isAnyCutOff());
		leaveHandlers();
		awaitConfirmations();
		leave();
	}

	/**
	 * Wait until Redis confirmed what is acknowledged and given back, or was away for
	 * longer than a new connection takes.
	 */
	private void awaitConfirmations() {
		long now = System.nanoTime();
		long[] lastConnected = { now };
		awaitUntil(now + LAST_WORDS.toNanos(), () -> {
			if (isConnected()) {
				lastConnected[0] = System.nanoTime();
			}
			return (this.acks.size() == 0 && this.handBack.owed() == 0)
					|| System.nanoTime() - lastConnected[0] > NEW_CONNECTION.toNanos();
		});
	}

	private void awaitHandlers() {
		while ((this.consumer.dispatcher().activeWorkers() > 0 || this.consumer.inFlight().undecided() > 0)
				&& !this.limit.isOver()) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
		}
	}

	/**
	 * Wait until nothing is read any more. A reader that waits for Redis to come back is
	 * interrupted.
	 */
	private void awaitReader() {
		awaitUntil(System.nanoTime() + LAST_WORDS.toNanos(), this.pollLoop::isIdle);
		if (!this.pollLoop.isIdle()) {
			if (isConnected()) {
				logger.warn("The reader of {} did not end, it is interrupted", this.consumer.client().group());
			}
			this.pollLoop.interrupt();
		}
	}

	private void interruptHandlers() {
		Duration timeout = this.limit.time();
		for (HandlerRun run : this.consumer.handlers().all()) {
			if (run.interrupt(Stage.STOPPED)) {
				logger.warn("Handler of {} in {} still runs after {}, it is interrupted", run,
						this.consumer.settings().stream(), timeout);
			}
		}
		int undecided = this.consumer.inFlight().undecided();
		if (undecided > 0) {
			logger.warn("{} messages of {} are still undecided after {}; their leases run out", undecided,
					this.consumer.settings(), timeout);
		}
	}

	private boolean isAnyCutOff() {
		return this.consumer.inFlight().all().stream().anyMatch((message) -> message.stage() == Stage.STOPPED);
	}

	private void leaveHandlers() {
		for (HandlerRun run : this.consumer.handlers().all()) {
			List<InFlightMessage> left = run.messages()
				.stream()
				.filter((message) -> message.stage() == Stage.STOPPED && !message.isAcknowledged())
				.filter((message) -> message.advance(Stage.STOPPED, Stage.LEASE_LOST))
				.toList();
			if (!left.isEmpty()) {
				left.forEach((message) -> this.consumer.reporter().report(message, Outcome.LEASE_LOST));
				logger.warn("Handler of {} in {} ignores the interrupt, its lease runs out", run,
						this.consumer.settings().stream());
			}
		}
	}

	private void release(List<InFlightMessage> unstarted) {
		if (!this.consumer.settings().isAtMostOnce()) {
			this.handBack.release(unstarted);
		}
	}

	private void leave() {
		if (isConnected()) {
			this.handBack.leave(LAST_WORDS);
		}
	}

	private boolean isConnected() {
		return this.consumer.control().isConnected();
	}

	private static void awaitUntil(long end, BooleanSupplier condition) {
		while (!condition.getAsBoolean() && System.nanoTime() - end < 0) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
		}
	}

	/**
	 * How long handlers may go on.
	 *
	 * @param time the time that they were given
	 * @param until tick at which it ends
	 */
	private record Limit(Duration time, long until) {

		private static final Limit NONE = new Limit(Duration.ZERO, 0);

		Limit earlier(Limit given) {
			return (equals(NONE) || given.until - this.until < 0) ? given : this;
		}

		boolean isOver() {
			return equals(NONE) || System.nanoTime() - this.until >= 0;
		}

	}

}
