package dev.pubsub.redis.console.view;

import java.time.Instant;
import java.util.Map;

import dev.pubsub.redis.console.view.Activity.Counts;
import org.jspecify.annotations.Nullable;

/**
 * How things were at a time.
 *
 * @param time the time
 * @param total all containers together
 * @param containers each container, by its id
 */
record Sample(Instant time, State total, Map<String, State> containers) {

	/**
	 * Return the state of a container.
	 * @param container its id, {@code null} for all together
	 * @return the state, {@code null} if it was not there
	 */
	@Nullable State state(@Nullable String container) {
		return (container != null) ? this.containers.get(container) : this.total;
	}

	/**
	 * State of a container.
	 *
	 * @param counts what it had done
	 * @param lag entries not delivered yet, {@code null} where unknown
	 * @param pending entries not acknowledged, {@code null} where unknown
	 */
	record State(Counts counts, @Nullable Long lag, @Nullable Long pending) {

		static final State NONE = new State(Counts.NONE, null, null);

		State plus(State other) {
			return new State(this.counts.plus(other.counts), plus(this.lag, other.lag),
					plus(this.pending, other.pending));
		}

		private static @Nullable Long plus(@Nullable Long one, @Nullable Long other) {
			return (one == null) ? other : (other == null) ? one : Long.valueOf(one + other);
		}

	}

}
