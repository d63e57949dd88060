package dev.pubsub.redis.cron;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

import dev.pubsub.redis.internal.redis.Outages;

/**
 * Time that a test owns, and applications that live in it, each with a clock of its own.
 * Nothing waits and nothing runs by itself: {@link #run} does all that is due, in order.
 */
final class Simulation {

	private final PriorityQueue<Task> tasks = new PriorityQueue<>(
			Comparator.comparing(Task::time).thenComparing(Task::number));

	private Instant time;

	private long numbers;

	Simulation(String time) {
		this.time = Instant.parse(time);
	}

	Instant time() {
		return this.time;
	}

	void run(Duration duration) {
		Instant end = this.time.plus(duration);
		while (!this.tasks.isEmpty() && !this.tasks.peek().time().isAfter(end)) {
			Task task = this.tasks.remove();
			this.time = task.time();
			task.action().run();
		}
		this.time = end;
	}

	/**
	 * Let time pass without anything being done, as if all machines were asleep.
	 */
	void freeze(Duration duration) {
		this.time = this.time.plus(duration);
		List<Task> overdue = new ArrayList<>();
		while (!this.tasks.isEmpty() && this.tasks.peek().time().isBefore(this.time)) {
			overdue.add(this.tasks.remove());
		}
		overdue.forEach((task) -> this.tasks.add(new Task(this.time, task.number(), task.action())));
	}

	/**
	 * Return an application.
	 * @param skew by how much its clock is ahead
	 * @return the application
	 */
	Node node(Duration skew) {
		return new Node(skew);
	}

	Node node() {
		return node(Duration.ZERO);
	}

	/**
	 * An application.
	 */
	final class Node {

		final List<CronEvent> events = new ArrayList<>();

		private final Clock clock;

		private final List<CronTick> ticks = new ArrayList<>();

		private CronOptions options = CronOptions.defaults();

		private Node(Duration skew) {
			InstantSource source = () -> Simulation.this.time.plus(skew);
			this.clock = source.withZone(ZoneOffset.UTC);
		}

		Node withGrace(Duration grace) {
			this.options = this.options.withMisfireGrace(grace);
			return this;
		}

		CronTick start(CronJob job, FireLedger ledger) {
			CronTick tick = new CronTick(job, ledger,
					new CronRuntime(this.clock, new SimulatedPace(), this.options, this.events::add), new FireReporter(
							job, this.events::add, new Outages(this.clock, System::nanoTime, Outages.REFUSED_DELAY)));
			this.ticks.add(tick);
			tick.start();
			return tick;
		}

		/**
		 * End it at once.
		 */
		void kill() {
			this.ticks.forEach(CronTick::stop);
		}

		List<Instant> eventsOf(CronEvent.Type type) {
			return this.events.stream().filter((event) -> event.type() == type).map(CronEvent::fireTime).toList();
		}

	}

	private final class SimulatedPace implements Pace {

		@Override
		public void execute(Runnable task) {
			after(Duration.ZERO, task);
		}

		@Override
		public void after(Duration delay, Runnable task) {
			Duration wait = delay.isNegative() ? Duration.ZERO : delay;
			Simulation.this.tasks.add(new Task(Simulation.this.time.plus(wait), Simulation.this.numbers++, task));
		}

	}

	private record Task(Instant time, long number, Runnable action) {

	}

}
