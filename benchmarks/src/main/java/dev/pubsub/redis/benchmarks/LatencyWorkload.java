package dev.pubsub.redis.benchmarks;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Messages come one by one: how long from publishing to the handler?
 */
final class LatencyWorkload implements Workload {

	/**
	 * Numbers from here on are measured; those below warm up.
	 */
	private static final long MEASURED = 10_000_000;

	@Override
	public Map<String, Double> run(Side side, Settings settings) throws Exception {
		int rate = settings.number(Settings.MESSAGES_PER_SECOND);
		int measured = (int) (settings.millis(Settings.MEASURE_MILLIS).toMillis() * rate / 1000);
		int warmUp = (int) (settings.millis(Settings.WARM_UP_MILLIS).toMillis() * rate / 1000);
		int burst = settings.number(Settings.WARM_UP);
		Meter meter = new Meter();
		long[] nanos = new long[measured];
		AtomicInteger next = new AtomicInteger();
		try (Streams streams = new Streams(settings.text(Settings.URL));
				Consumption consumption = Consumption.start(side, settings.text(Settings.GROUP), settings, (order) -> {
					long now = System.nanoTime();
					if (order.getId() >= MEASURED) {
						int index = next.getAndIncrement();
						nanos[Math.min(index, measured - 1)] = now - order.getSentAt();
					}
					meter.handled();
				})) {
			String stream = settings.text(Settings.STREAM);
			streams.fill(stream, burst, settings.number(Settings.BYTES));
			meter.await(burst, Duration.ofSeconds(10));
			send(streams, settings, 0, warmUp);
			send(streams, settings, MEASURED, measured);
			meter.await(burst + warmUp + measured, Duration.ofSeconds(5));
		}
		if (next.get() < measured) {
			throw new IllegalStateException("Handled " + next.get() + " of " + measured);
		}
		Arrays.sort(nanos);
		Map<String, Double> figures = new LinkedHashMap<>();
		figures.put("p50", percentile(nanos, 0.5));
		figures.put("p99", percentile(nanos, 0.99));
		figures.put("p999", percentile(nanos, 0.999));
		return figures;
	}

	/**
	 * Send messages at a steady rate; whoever reads them does not slow it down.
	 */
	private static void send(Streams streams, Settings settings, long first, int messages) {
		String stream = settings.text(Settings.STREAM);
		int bytes = settings.number(Settings.BYTES);
		long interval = TimeUnit.SECONDS.toNanos(1) / settings.number(Settings.MESSAGES_PER_SECOND);
		long start = System.nanoTime();
		for (int i = 0; i < messages; i++) {
			for (long left = 1; left > 0; left = start + i * interval - System.nanoTime()) {
				LockSupport.parkNanos(Math.min(left, interval));
			}
			streams.connection().async().xadd(stream, Streams.entry(Order.sample(first + i, bytes)));
		}
	}

	private static double percentile(long[] sorted, double share) {
		return sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length))] / 1000.0;
	}

}
