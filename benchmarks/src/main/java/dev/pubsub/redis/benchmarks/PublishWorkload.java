package dev.pubsub.redis.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread publishes: how fast?
 */
final class PublishWorkload implements Workload {

	/**
	 * How many messages a session holds.
	 */
	private static final int SESSION = 1000;

	private static final Duration ARRIVAL = Duration.ofSeconds(5);

	@Override
	public Map<String, Double> run(Side side, Settings settings) throws Exception {
		Map<String, Double> figures = new LinkedHashMap<>();
		int bytes = settings.number(Settings.BYTES);
		try (Publication publication = Publication.open(side, settings);
				Streams streams = new Streams(settings.text(Settings.URL))) {
			Task sync = (first) -> {
				publication.sync(Order.sample(first, bytes));
				return 1;
			};
			figures.put("sync", measure(sync, settings, streams));
			AsyncWindow window = publication.window();
			Task async = (first) -> {
				publication.async(Order.sample(first, bytes), window);
				return 1;
			};
			figures.put("async", measure(async, window::drain, settings, streams));
			Task session = (first) -> {
				publication.session(orders(first, bytes));
				return SESSION;
			};
			figures.put("session", measure(session, settings, streams));
		}
		return figures;
	}

	private static List<Order> orders(long first, int bytes) {
		List<Order> orders = new ArrayList<>(SESSION);
		for (int i = 0; i < SESSION; i++) {
			orders.add(Order.sample(first + i, bytes));
		}
		return orders;
	}

	private static double measure(Task task, Settings settings, Streams streams) throws Exception {
		return measure(task, () -> {
		}, settings, streams);
	}

	private static double measure(Task task, Drain drain, Settings settings, Streams streams) throws Exception {
		long warmUp = publish(task, settings.millis(Settings.WARM_UP_MILLIS));
		drain.run();
		long start = System.nanoTime();
		long published;
		try (Recorder recorder = Recorder.start(settings)) {
			published = publish(task, settings.millis(Settings.MEASURE_MILLIS));
			drain.run();
		}
		double seconds = (System.nanoTime() - start) / 1e9;
		check(streams, settings.text(Settings.STREAM), warmUp + published);
		return published / seconds;
	}

	private static long publish(Task task, Duration time) throws Exception {
		long end = System.nanoTime() + time.toNanos();
		long published = 0;
		while (System.nanoTime() - end < 0) {
			published += task.publish(published);
		}
		return published;
	}

	/**
	 * Whoever is fast because messages did not arrive is not fast.
	 */
	private static void check(Streams streams, String stream, long published) {
		long end = System.nanoTime() + ARRIVAL.toNanos();
		while (streams.commands().xlen(stream) != published) {
			if (System.nanoTime() - end > 0) {
				throw new IllegalStateException(
						"Published " + published + ", arrived " + streams.commands().xlen(stream));
			}
			LockSupport.parkNanos(1_000_000);
		}
		streams.commands().del(stream);
	}

	/**
	 * Publishes at least one message.
	 */
	@FunctionalInterface
	private interface Task {

		/**
		 * Publish.
		 * @param first number of the first message
		 * @return how many messages
		 */
		long publish(long first) throws Exception;

	}

	@FunctionalInterface
	private interface Drain {

		void run() throws Exception;

	}

}
