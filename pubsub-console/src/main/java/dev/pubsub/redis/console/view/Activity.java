package dev.pubsub.redis.console.view;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.MessageEvent.Kind;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.observe.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * Counts what this process did since it started, by container. Thread-safe, and cheap
 * enough for each message.
 */
public final class Activity implements StreamObserver {

	private final Map<String, Counters> containers = new ConcurrentHashMap<>();

	@Override
	public boolean observes(Kind kind, @Nullable Outcome outcome) {
		return kind == Kind.OUTCOME;
	}

	@Override
	public void onEvent(MessageEvent event) {
		Outcome outcome = event.outcome();
		if (outcome == null) {
			return;
		}
		Counters counters = this.containers.get(event.container());
		if (counters == null) {
			counters = this.containers.computeIfAbsent(event.container(), (id) -> new Counters());
		}
		counters.add(outcome, event.duration());
	}

	/**
	 * Return what a container did.
	 * @param container id of the container
	 * @return the numbers, all zero for one that did nothing
	 */
	Counts counts(String container) {
		Counters counters = this.containers.get(container);
		return (counters != null) ? counters.counts() : Counts.NONE;
	}

	/**
	 * What was done.
	 *
	 * @param handled messages that were handled
	 * @param failed attempts that failed and are followed by another
	 * @param givenUp messages that were dead-lettered or dropped
	 * @param timed handler calls that {@link #handlerTime} adds up
	 * @param handlerTime time of the handlers together
	 */
	record Counts(long handled, long failed, long givenUp, long timed, Duration handlerTime) {

		static final Counts NONE = new Counts(0, 0, 0, 0, Duration.ZERO);

		Counts plus(Counts other) {
			return new Counts(this.handled + other.handled, this.failed + other.failed, this.givenUp + other.givenUp,
					this.timed + other.timed, this.handlerTime.plus(other.handlerTime));
		}

		Counts minus(Counts other) {
			return new Counts(this.handled - other.handled, this.failed - other.failed, this.givenUp - other.givenUp,
					this.timed - other.timed, this.handlerTime.minus(other.handlerTime));
		}

	}

	private static final class Counters {

		private final LongAdder handled = new LongAdder();

		private final LongAdder failed = new LongAdder();

		private final LongAdder givenUp = new LongAdder();

		private final LongAdder timed = new LongAdder();

		private final LongAdder nanos = new LongAdder();

		void add(Outcome outcome, Duration duration) {
			switch (outcome) {
				case HANDLED -> this.handled.increment();
				case FAILED -> this.failed.increment();
				case DEAD_LETTERED, DROPPED -> this.givenUp.increment();
				default -> {
					// Said in the log and by the meters.
				}
			}
			if (!duration.isZero()) {
				this.timed.increment();
				this.nanos.add(duration.toNanos());
			}
		}

		Counts counts() {
			return new Counts(this.handled.sum(), this.failed.sum(), this.givenUp.sum(), this.timed.sum(),
					Duration.ofNanos(this.nanos.sum()));
		}

	}

}
