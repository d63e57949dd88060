package dev.pubsub.redis.benchmarks;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import dev.pubsub.redis.benchmarks.Meter.Reading;

/**
 * A stream is full: how fast is it handled?
 */
final class ConsumeWorkload implements Workload {

	@Override
	public Map<String, Double> run(Side side, Settings settings) throws Exception {
		Meter meter = new Meter();
		String group = settings.text(Settings.GROUP);
		Map<String, Double> figures = new LinkedHashMap<>();
		try (Consumption consumption = Consumption.start(side, group, settings, handler(settings, meter))) {
			int warmUp = settings.number(Settings.WARM_UP);
			meter.await(1, Duration.ofSeconds(20));
			Reading start = meter.await(warmUp, settings.millis(Settings.WARM_UP_MILLIS));
			Reading end;
			try (Recorder recorder = Recorder.start(settings)) {
				end = meter.await(warmUp + settings.number(Settings.MESSAGES),
						settings.millis(Settings.MEASURE_MILLIS));
			}
			double rate = end.perSecondSince(start);
			figures.put("rate", rate);
			figures.put("cpuMicrosPerMessage", end.cpuMicrosPerMessageSince(start));
			figures.put("cpuPercent", end.cpuPercentSince(start));
			if (settings.has(Settings.HANDLER_MILLIS)) {
				figures.put("utilisation",
						rate * settings.number(Settings.HANDLER_MILLIS) / 1000.0 / settings.number(Settings.THREADS));
			}
			if (settings.is(Settings.HEAP)) {
				figures.put("heapMegabytes", Meter.heapMegabytes());
			}
		}
		return figures;
	}

	private static Consumer<Order> handler(Settings settings, Meter meter) {
		if (!settings.has(Settings.HANDLER_MILLIS)) {
			return (order) -> meter.handled();
		}
		long nanos = TimeUnit.MILLISECONDS.toNanos(settings.number(Settings.HANDLER_MILLIS));
		return (order) -> {
			sleep(nanos);
			meter.handled();
		};
	}

	private static void sleep(long nanos) {
		long end = System.nanoTime() + nanos;
		for (long left = nanos; left > 0; left = end - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

}
