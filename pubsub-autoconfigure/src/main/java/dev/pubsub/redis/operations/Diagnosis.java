package dev.pubsub.redis.operations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.listener.ContainerActivity;
import dev.pubsub.redis.listener.ContainerState;
import dev.pubsub.redis.listener.StreamListenerContainer;
import org.jspecify.annotations.Nullable;

/**
 * Why a subscription, or something else, is not well. One that is busy, or was stopped or
 * paused on purpose, is.
 *
 * @param reason a sentence
 * @param since since when it is so, {@code null} where that is unknown
 * @since 0.1.0
 */
public record Diagnosis(String reason, @Nullable Instant since) {

	/**
	 * How much longer than its blocking time a read may take: what the container allows
	 * for the answer, and some time to connect again. Other commands may fail for as
	 * long.
	 */
	private static final Duration MARGIN = Duration.ofSeconds(7);

	/**
	 * Look at a container, without asking Redis.
	 * @param container the container
	 * @param now present time, of the clock that containers note their reads with
	 * @return why it is not well, nothing when it is
	 */
	public static Optional<Diagnosis> of(StreamListenerContainer container, Instant now) {
		Duration patience = container.getSubscription().options().block().plus(MARGIN);
		List<Outage> outages = container.getOutages();
		if (container.getState() == ContainerState.FAILED) {
			return Optional.of(outages.isEmpty() ? new Diagnosis("It could not start", container.getStateSince())
					: of(outages.get(0)));
		}
		return of(outages, patience, now).or(() -> ofRunning(container, patience, now));
	}

	/**
	 * Look at outages: what Redis refuses does not heal by itself, other failures may.
	 * @param outages what fails
	 * @param now present time
	 * @return why that is not well, nothing when it may heal by itself
	 */
	public static Optional<Diagnosis> of(List<Outage> outages, Instant now) {
		return of(outages, MARGIN, now);
	}

	private static Optional<Diagnosis> of(List<Outage> outages, Duration patience, Instant now) {
		return outages.stream()
			.filter((outage) -> outage.isRefused() || !outage.getSince().plus(patience).isAfter(now))
			.findFirst()
			.map(Diagnosis::of);
	}

	private static Diagnosis of(Outage outage) {
		OutageStatus status = OutageStatus.of(outage);
		return new Diagnosis(status.activity() + " fails: " + status.reason(), status.since());
	}

	private static Optional<Diagnosis> ofRunning(StreamListenerContainer container, Duration patience, Instant now) {
		if (container.getState() != ContainerState.STARTING && container.getState() != ContainerState.RUNNING) {
			return Optional.empty();
		}
		Instant lastPoll = container.getLastPoll();
		if (lastPoll == null) {
			return Optional.of(new Diagnosis("Redis has not answered a read yet", container.getStateSince()));
		}
		if (!lastPoll.plus(patience).isAfter(now)) {
			return Optional.of(new Diagnosis("Redis has not answered a read since " + lastPoll, lastPoll));
		}
		ContainerActivity activity = container.getActivity();
		Instant stalledSince = activity.stalledSince();
		return (stalledSince == null) ? Optional.empty()
				: Optional
					.of(new Diagnosis("No handler thread is left: %d handlers ignore the interrupt at their deadline"
						.formatted(activity.stuck()), stalledSince));
	}

}
