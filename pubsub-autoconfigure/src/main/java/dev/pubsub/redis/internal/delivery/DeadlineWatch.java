package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.observe.MessageEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts handlers at their deadline, and reports those that ignore it. Looks at all
 * that run ten times a second, and only while some do: a timer per message would cost
 * more than most handlers. All consumers of a process look at the same ticks.
 */
final class DeadlineWatch {

	private static final Logger logger = LoggerFactory.getLogger(DeadlineWatch.class);

	private static final long STUCK_AFTER_NANOS = Duration.ofSeconds(5).toNanos();

	private static final Duration NEXT_TICK = Duration.ofNanos(1);

	private final RunningHandlers handlers;

	private final InFlightMessages inFlight;

	private final LongSupplier ticker;

	private final MessageReporter reporter;

	private final Owner owner;

	private final Loop sweeps;

	/** Spares handlers that start while others run the lock of the timer. */
	private volatile boolean watching;

	DeadlineWatch(RunningHandlers handlers, InFlightMessages inFlight, BackgroundThreads threads, LongSupplier ticker,
			MessageReporter reporter, Owner owner) {
		this.handlers = handlers;
		this.inFlight = inFlight;
		this.ticker = ticker;
		this.reporter = reporter;
		this.owner = owner;
		this.sweeps = threads.ticks().loop("Looking after deadlines", this::sweep);
	}

	/**
	 * A handler starts: look after it until it is forgotten.
	 */
	void watch(HandlerRun run) {
		this.handlers.add(run);
		watch();
	}

	void forget(HandlerRun run) {
		this.handlers.remove(run);
	}

	private void watch() {
		if (!this.watching) {
			this.watching = true;
			this.sweeps.wakeAfter(NEXT_TICK);
		}
	}

	private void sweep() {
		long now = this.ticker.getAsLong();
		this.handlers.all().forEach((run) -> check(run, now));
		this.handlers.forgetIdle();
		this.watching = false;
		if (!this.handlers.isEmpty()) {
			watch();
		}
	}

	private void check(HandlerRun run, long now) {
		long overdue = run.overdue(now);
		if (overdue >= 0) {
			run.interrupt(Stage.TIMED_OUT);
		}
		if (overdue >= STUCK_AFTER_NANOS && run.becomesStuck()) {
			run.messages().forEach(this::renewNoMore);
			reportStuck(run);
			this.owner.stuck(run.thread());
		}
		else if (overdue < 0 && run.goesOn()) {
			run.messages().forEach(this::renewAgain);
			this.owner.goesOn(run.thread());
		}
	}

	private void renewNoMore(InFlightMessage message) {
		Stage stage = message.stage();
		if (stage.isInterrupted()) {
			this.inFlight.move(message, stage, Stage.STUCK);
		}
	}

	private void renewAgain(InFlightMessage message) {
		if (message.stage() == Stage.STUCK) {
			this.inFlight.move(message, Stage.STUCK, message.isLeaseLost() ? Stage.LEASE_LOST : Stage.TIMED_OUT);
		}
	}

	private void reportStuck(HandlerRun run) {
		String stack = Arrays.stream(run.thread().getStackTrace())
			.map((frame) -> "\n\tat " + frame)
			.collect(Collectors.joining());
		logger.warn("Handler of {} ignores the interrupt at its deadline; its lease is not renewed any more,"
				+ " another thread takes its place{}", run, stack);
		run.messages().forEach((message) -> this.reporter.report(message, MessageEvent.Kind.STUCK));
	}

	/**
	 * The consumer whose handlers these are.
	 */
	interface Owner {

		/**
		 * A handler ignores its interrupt.
		 * @param worker the thread that calls it
		 */
		void stuck(Thread worker);

		/**
		 * A handler that was stuck has moved its deadline.
		 * @param worker the thread that calls it
		 */
		void goesOn(Thread worker);

	}

}
