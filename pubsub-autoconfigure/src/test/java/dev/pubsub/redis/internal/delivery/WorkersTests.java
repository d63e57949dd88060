package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.test.EndlessExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class WorkersTests {

	private static final int THREADS = 10;

	private final WorkersThatLeaveAtOnce tasks = new WorkersThatLeaveAtOnce();

	private final BackgroundThreads threads = BackgroundThreads.of(Executors.newSingleThreadScheduledExecutor(),
			this.tasks);

	private final WaitingMessages waiting = new WaitingMessages(1);

	private final HandlerPace pace = new HandlerPace();

	private final List<InFlightMessage> handled = new ArrayList<>();

	private final Workers workers = workers();

	@AfterEach
	void end() {
		this.workers.close();
		this.threads.close();
	}

	private Workers workers() {
		DeliverySettings settings = new DeliverySettings("listener", new StreamGroup("orders", "billing"),
				new DeliverySettings.Reading("node", false, false, 128, 1 << 20, Duration.ofSeconds(2)),
				new DeliverySettings.Handling(THREADS, false, false, 3, Duration.ofSeconds(1), Duration.ofSeconds(1)),
				new DeliverySettings.Leases(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofHours(1)), false,
				new DeliverySettings.DeadLettering(null, 0, false, false));
		Slots slots = new Slots(THREADS);
		Room room = new Room(settings, new ReadBudget(128, 1 << 20, 1 << 24, new HeapShare()), slots, null,
				this.waiting, this.pace, StartOrder.ANY);
		return new Workers(settings, slots, null, room, this.waiting, this.pace, this.threads, this.handled::addAll,
				() -> {
				}, () -> {
				});
	}

	private void add(int messages) {
		for (int i = 1; i <= messages; i++) {
			this.waiting.add(List.of(new InFlightMessage(new EntryId(i, 0), EntryFields.of(), 1, 0, 0)));
		}
	}

	@Test
	void startsNoMoreThanThereWasWorkForAlthoughTheyLeaveMeanwhile() {
		add(100);

		this.workers.startForWaiting();

		assertThat(this.handled).hasSize(100);
		assertThat(this.tasks.started).isBetween(1, THREADS);
	}

	/**
	 * Has each worker handle all that waits, and leave, before the next one is started.
	 */
	private static final class WorkersThatLeaveAtOnce extends EndlessExecutor {

		private static final int ENOUGH = 1000;

		private int started;

		@Override
		public void execute(Runnable worker) {
			if (this.started == ENOUGH) {
				throw new RejectedExecutionException("Too many workers");
			}
			this.started++;
			worker.run();
		}

	}

}
