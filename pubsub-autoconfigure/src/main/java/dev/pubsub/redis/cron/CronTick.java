package dev.pubsub.redis.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.CronScripts;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires one job from start to stop: asks once what was fired last, then sleeps until the
 * next fire time, claims it, and so on. One step is under way at a time, all of them on
 * the {@link Pace}, which confines the state.
 */
final class CronTick {

	private static final Logger logger = LoggerFactory.getLogger(CronTick.class);

	/** Looks at the clock this often: somebody may set it. */
	private static final Duration LONGEST_SLEEP = Duration.ofSeconds(1);

	/** A fire that is late by no more is on time, whatever the grace. */
	private static final Duration ON_TIME = Duration.ofSeconds(1);

	private static final Duration FAR_AHEAD = Duration.ofMinutes(1);

	private final CronJob job;

	private final FireLedger ledger;

	private final CronRuntime runtime;

	private final FireReporter reporter;

	private final ClockLead lead;

	/** Last fire time that this application gave up or left to others. */
	private Instant settled = Instant.MIN;

	private Instant since;

	private Instant asked = Instant.MIN;

	private int failures;

	private volatile CronScripts.@Nullable State known;

	private volatile boolean stopped;

	CronTick(CronJob job, FireLedger ledger, CronRuntime runtime, FireReporter reporter) {
		this.job = job;
		this.ledger = ledger;
		this.runtime = runtime;
		this.reporter = reporter;
		this.lead = new ClockLead(job.schedule());
		this.since = runtime.now();
	}

	void start() {
		this.runtime.pace().execute(() -> step(this::ask));
	}

	void stop() {
		this.stopped = true;
	}

	/**
	 * Return what is known about the job.
	 * @return the state, {@code null} before Redis was asked
	 */
	CronScripts.@Nullable State known() {
		return this.known;
	}

	/**
	 * Take note of something that was found out about the job elsewhere.
	 * @param state the state
	 */
	void learn(CronScripts.State state) {
		this.runtime.pace().execute(() -> this.known = state);
	}

	private void ask() {
		this.asked = this.runtime.now();
		this.ledger.register(lastFireOr(this.since)).whenCompleteAsync(then(this::answered), this.runtime.pace());
	}

	private void answered(CronScripts.State state) {
		if (isFarAhead(state) && !state.equals(this.known)) {
			this.reporter.ahead(state.last());
		}
		// Redis may have lost what was fired since its last save.
		this.settled = later(this.settled, lastFireOr(Instant.MIN));
		this.known = state;
		Duration gained = this.lead.learn(state.last(), this.runtime.now());
		this.since = this.since.minus(gained);
		proceed(state, true);
	}

	private void wake() {
		CronScripts.State state = this.known;
		if (state == null) {
			return;
		}
		Instant now = this.runtime.now();
		if (isFarAhead(state) && !now.isBefore(this.asked.plus(FAR_AHEAD))) {
			// Nothing is due for long, and nobody would notice that the job is new.
			this.since = now;
			ask();
			return;
		}
		proceed(state, false);
	}

	/**
	 * Return the last fire time that is known here, whatever Redis may say now, or
	 * another instant if that is later or the fire time cannot be true.
	 */
	private Instant lastFireOr(Instant other) {
		CronScripts.State state = this.known;
		return (state == null || isFarAhead(state)) ? other : later(state.last(), other);
	}

	private boolean isFarAhead(CronScripts.State state) {
		return state.last().isAfter(this.runtime.now().plus(FAR_AHEAD));
	}

	/**
	 * Fire if it is time, else sleep.
	 * @param fresh whether the state was asked for just now
	 */
	private void proceed(CronScripts.State state, boolean fresh) {
		Instant now = this.lead.correct(this.runtime.now());
		Instant from = later(state.last(), this.settled);
		Optional<Instant> latest = this.job.schedule().latest(from, now);
		if (latest.isEmpty()) {
			succeeded();
			sleep(later(from, now), now);
			return;
		}
		Instant due = latest.get();
		boolean late = isTooLate(due, now);
		if (late && !fresh) {
			ask();
			return;
		}
		Duration doubt = fresh ? this.lead.doubt(from, due, now) : Duration.ZERO;
		if (!doubt.isZero()) {
			this.runtime.pace().after(doubt, () -> step(this::ask));
		}
		else if (late || isSkipped(due)) {
			giveUp(state, from, due, late ? "nobody could fire in time" : "nobody was running");
			sleep(now, now);
		}
		else {
			fire(state, due);
		}
	}

	private void fire(CronScripts.State state, Instant due) {
		this.ledger.fire(due, state.last(), CronMessage.scheduled(this.job, due, this.runtime.now()))
			.whenCompleteAsync(then((reply) -> fired(state, due, reply)), this.runtime.pace());
	}

	private void fired(CronScripts.State before, Instant due, CronScripts.Fire reply) {
		CronScripts.State state = reply.state();
		this.known = state;
		switch (reply.outcome()) {
			case FIRED -> {
				succeeded();
				giveUp(before, later(before.last(), this.settled), due.minusMillis(1), "a later one is made up for");
				this.reporter.fired(due, reply.detail());
			}
			case OVERLAP -> {
				succeeded();
				this.reporter.overlapped(due, reply.detail());
			}
			case PASSED -> this.lead.seen(state.last(), this.runtime.now());
			case PAUSED -> logger.debug("{} is paused at {}", this.job, due);
			case MOVED -> logger.debug("{} was fired for {} by somebody else", this.job, state.last());
		}
		proceed(state, reply.outcome() == CronScripts.Outcome.MOVED);
	}

	private void giveUp(CronScripts.State state, Instant after, Instant upTo, String reason) {
		Instant last = this.job.schedule().latest(after, upTo).orElse(null);
		if (last != null) {
			this.settled = last;
			if (!state.paused()) {
				this.reporter.missed(this.job.schedule().next(after).orElse(last), last, reason);
			}
		}
	}

	private boolean isTooLate(Instant due, Instant now) {
		Duration grace = this.runtime.options().misfireGrace();
		return Duration.between(due, now).compareTo((grace.compareTo(ON_TIME) > 0) ? grace : ON_TIME) > 0;
	}

	private boolean isSkipped(Instant due) {
		return this.job.misfire() == Misfire.SKIP && due.isBefore(this.since);
	}

	private void sleep(Instant after, Instant now) {
		Instant next = this.job.schedule().next(after).orElse(Instant.MAX);
		Duration wait = now.plus(LONGEST_SLEEP).isBefore(next) ? LONGEST_SLEEP : Duration.between(now, next);
		this.runtime.pace().after(wait, () -> step(this::wake));
	}

	private void succeeded() {
		this.failures = 0;
		this.reporter.succeeded();
	}

	private void failed(Throwable cause) {
		if (!this.stopped) {
			this.failures++;
			this.reporter.failed(Failures.unwrap(cause));
			this.runtime.retry(this.failures, () -> step(this::ask));
		}
	}

	private <T> BiConsumer<T, @Nullable Throwable> then(Consumer<T> step) {
		return (result, failure) -> {
			if (failure != null) {
				failed(failure);
			}
			else {
				step(() -> step.accept(result));
			}
		};
	}

	private void step(Runnable step) {
		try {
			if (!this.stopped) {
				step.run();
			}
		}
		catch (Throwable ex) {
			logger.error("Unexpected failure of {}", this.job, FailureText.loggable(ex));
			failed(ex);
		}
	}

	private static Instant later(Instant one, Instant other) {
		return one.isAfter(other) ? one : other;
	}

}
