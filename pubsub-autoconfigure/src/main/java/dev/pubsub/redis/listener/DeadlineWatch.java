package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import dev.pubsub.redis.listener.InFlightMessage.Stage;
import dev.pubsub.redis.observe.Outcome;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts handlers at their deadline, and reports those that ignore it. Looks at what
 * is in flight ten times a second, and only while something is: a timer per message would
 * cost more than most handlers.
 */
final class DeadlineWatch {

	private static final Logger logger = LoggerFactory.getLogger(DeadlineWatch.class);

	private static final long INTERVAL_MILLIS = 100;

	private static final long STUCK_AFTER_NANOS = Duration.ofSeconds(5).toNanos();

	private final InFlightMessages inFlight;

	private final ScheduledExecutorService timer;

	private final LongSupplier ticker;

	private final MessageReporter reporter;

	private final AtomicBoolean watching = new AtomicBoolean();

	DeadlineWatch(InFlightMessages inFlight, ScheduledExecutorService timer, LongSupplier ticker,
			MessageReporter reporter) {
		this.inFlight = inFlight;
		this.timer = timer;
		this.ticker = ticker;
		this.reporter = reporter;
	}

	/**
	 * A handler started: look after it.
	 */
	void watch() {
		if (!this.watching.get() && this.watching.compareAndSet(false, true)) {
			schedule();
		}
	}

	/**
	 * Interrupt the handler of a message, if it runs.
	 * @param message the message
	 * @param reason why: {@link Stage#TIMED_OUT} or {@link Stage#LEASE_LOST}
	 * @return whether it was running
	 */
	static boolean interrupt(InFlightMessage message, Stage reason) {
		if (!message.advance(Stage.RUNNING, Stage.INTERRUPTING)) {
			return false;
		}
		Thread runner = message.runner();
		if (runner != null) {
			runner.interrupt();
		}
		message.setStage(reason);
		return true;
	}

	private void sweep() {
		try {
			long now = this.ticker.getAsLong();
			this.inFlight.all().forEach((message) -> check(message, now));
		}
		catch (RuntimeException ex) {
			logger.error("Looking after deadlines failed", ex);
		}
		if (!this.inFlight.isEmpty()) {
			schedule();
			return;
		}
		this.watching.set(false);
		if (!this.inFlight.isEmpty()) {
			watch();
		}
	}

	private void check(InFlightMessage message, long now) {
		// First the stage: what starts between the two reads has no deadline yet.
		Stage stage = message.stage();
		long overdue = now - message.deadline();
		if (stage == Stage.RUNNING && overdue >= 0) {
			interrupt(message, Stage.TIMED_OUT);
		}
		else if (stage == Stage.TIMED_OUT && overdue >= STUCK_AFTER_NANOS && message.abandon()) {
			reportStuck(message);
		}
	}

	private void reportStuck(InFlightMessage message) {
		Thread runner = message.runner();
		String stack = (runner == null) ? ""
				: Arrays.stream(runner.getStackTrace()).map((frame) -> "\n\tat " + frame).collect(Collectors.joining());
		logger.warn("Handler of {} ignores the interrupt at its deadline; its lease is not renewed any more,"
				+ " its worker is lost until it returns{}", message.id(), stack);
		this.reporter.report(message, Outcome.STUCK);
	}

	private void schedule() {
		try {
			this.timer.schedule(this::sweep, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("No timer for deadlines, the application is stopping", ex);
		}
	}

}
