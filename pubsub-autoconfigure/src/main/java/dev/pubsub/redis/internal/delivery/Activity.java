package dev.pubsub.redis.internal.delivery;

import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Counts what the handlers and messages of consumers do that share their threads.
 */
final class Activity {

	private final int threads;

	private final List<StreamConsumer> consumers;

	static DeliveryActivity of(int threads, List<StreamConsumer> consumers, DeliveryRuntime runtime) {
		return new Activity(threads, consumers).at(runtime.ticker().getAsLong(), runtime.clock().instant());
	}

	private Activity(int threads, List<StreamConsumer> consumers) {
		this.threads = threads;
		this.consumers = consumers;
	}

	/**
	 * Count.
	 * @param now present tick
	 * @param time present time
	 */
	private DeliveryActivity at(long now, Instant time) {
		Map<Stage, Integer> stages = new EnumMap<>(Stage.class);
		this.consumers.forEach((consumer) -> consumer.inFlight()
			.all()
			.forEach((message) -> stages.merge(message.stage(), 1, Integer::sum)));
		int running = count(stages, Stage.RUNNING, Stage.TIMED_OUT, Stage.STOPPED, Stage.LEASE_LOST, Stage.STUCK);
		int waiting = count(stages, Stage.WAITING, Stage.HANDING_BACK, Stage.IN_REDIS, Stage.DUE);
		List<HandlerRun> runs = this.consumers.stream()
			.flatMap((consumer) -> List.copyOf(consumer.handlers().all()).stream())
			.toList();
		int stuck = (int) runs.stream().filter(HandlerRun::isStuck).count();
		return new DeliveryActivity(this.threads, runs.size(), stuck,
				(stuck >= Slots.allStuck(this.threads)) ? stalledSince(runs, now, time) : null,
				count(stages, Stage.QUEUED), running, waiting, count(stages, Stage.UNDECIDED, Stage.SETTLING));
	}

	/**
	 * Return the deadline of the handler that had its last.
	 */
	private static @Nullable Instant stalledSince(Collection<HandlerRun> runs, long now, Instant time) {
		return runs.stream().map((run) -> time.minusNanos(run.overdue(now))).max(Instant::compareTo).orElse(null);
	}

	private static int count(Map<Stage, Integer> stages, Stage... which) {
		int count = 0;
		for (Stage stage : which) {
			count += stages.getOrDefault(stage, 0);
		}
		return count;
	}

}
