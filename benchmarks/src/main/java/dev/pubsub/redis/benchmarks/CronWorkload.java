package dev.pubsub.redis.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.cron.CronScheduler;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * A job that fires every second, and nothing else: how long after its instant does Redis
 * have the message? Redis tells the time in the ids of the entries; it runs on the same
 * clock.
 */
final class CronWorkload implements Workload {

	@Override
	public Map<String, Double> run(Side side, Settings settings) throws Exception {
		String stream = settings.text(Settings.STREAM);
		try (Streams streams = new Streams(settings.text(Settings.URL));
				ConfigurableApplicationContext application = ListenerConsumption.application(settings).run()) {
			application.getBean(CronScheduler.class)
				.schedule(CronJob.of(stream, CronSchedule.parse("* * * * * *", ZoneOffset.UTC)), "benchmark");
			Duration time = settings.millis(Settings.MEASURE_MILLIS);
			TimeUnit.NANOSECONDS.sleep(time.toNanos());
			List<Double> lateness = new ArrayList<>();
			for (StreamMessage<String, byte[]> message : streams.commands().xrange(stream, Range.unbounded())) {
				lateness.add(millisLate(message));
			}
			Collections.sort(lateness);
			if (lateness.size() < time.toSeconds() - 2) {
				throw new IllegalStateException("Only " + lateness.size() + " fires in " + time);
			}
			return Map.of("p50", at(lateness, 0.50), "p99", at(lateness, 0.99), "fires", (double) lateness.size());
		}
	}

	private static double millisLate(StreamMessage<String, byte[]> message) {
		byte[] fireTime = Objects.requireNonNull(message.getBody().get("__H_fire-time"));
		return Long.parseLong(message.getId().split("-")[0])
				- Instant.parse(new String(fireTime, StandardCharsets.US_ASCII)).toEpochMilli();
	}

	private static double at(List<Double> sorted, double share) {
		return Objects.requireNonNull(sorted.get((int) Math.ceil(share * sorted.size()) - 1));
	}

}
