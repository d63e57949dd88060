package dev.pubsub.redis.cron;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * By how much the clock of this application is ahead of those that fire a job with it.
 * <p>
 * An application that finds several fire times unclaimed cannot tell at first whether
 * nobody was running, or whether its own clock is ahead and the others have yet to reach
 * them. If it claimed the last of them in the second case, the others could not fire the
 * ones before. So it waits for one interval of the schedule and looks again: if somebody
 * goes on firing it follows them, else the fire times were missed. Confined to one
 * thread.
 */
final class ClockLead {

	/** Greatest difference between clocks that is allowed for. */
	private static final Duration TOLERANCE = Duration.ofSeconds(15);

	/** For the others to wake up and fire. */
	private static final Duration MARGIN = Duration.ofMillis(250);

	private final CronSchedule schedule;

	private Duration lead = Duration.ZERO;

	private @Nullable Instant doubted;

	ClockLead(CronSchedule schedule) {
		this.schedule = schedule;
	}

	/**
	 * Return the time by the clock that is furthest behind.
	 * @param now time by the own clock
	 * @return the corrected time
	 */
	Instant correct(Instant now) {
		return now.minus(this.lead);
	}

	/**
	 * Return how long to wait for others before any of the given fire times is taken.
	 * @param last last fire time that somebody claimed
	 * @param due fire time to claim now
	 * @param now corrected time
	 * @return the time to wait, zero if there is no reason to
	 */
	Duration doubt(Instant last, Instant due, Instant now) {
		Instant first = this.schedule.next(last).orElse(due);
		boolean single = !first.isBefore(due);
		Instant lost = first.plus(TOLERANCE);
		if (single || lost.isBefore(now) || last.equals(this.doubted)) {
			this.doubted = null;
			return Duration.ZERO;
		}
		this.doubted = last;
		Duration interval = Duration.between(last, first);
		Duration rest = Duration.between(now, lost);
		return ((interval.compareTo(rest) < 0) ? interval : rest).plus(MARGIN);
	}

	/**
	 * Take note of a state that was asked for after a doubt.
	 * @param last last fire time that somebody claimed
	 * @param now time by the own clock
	 * @return by how much the lead grew
	 */
	Duration learn(Instant last, Instant now) {
		Instant before = this.doubted;
		if (before == null || !last.isAfter(before)) {
			return Duration.ZERO;
		}
		this.doubted = null;
		boolean upToDate = this.schedule.latest(last, correct(now)).isEmpty();
		if (upToDate) {
			return Duration.ZERO;
		}
		Duration grown = Duration.between(last, correct(now));
		this.lead = this.lead.plus(grown);
		return grown;
	}

	/**
	 * Take note that somebody else has claimed a fire time: the own clock cannot be ahead
	 * of theirs by more than what has passed since.
	 * @param claimed the fire time
	 * @param now time by the own clock
	 */
	void seen(Instant claimed, Instant now) {
		Duration most = claimed.isBefore(now) ? Duration.between(claimed, now) : Duration.ZERO;
		if (most.compareTo(this.lead) < 0) {
			this.lead = most;
		}
	}

}
