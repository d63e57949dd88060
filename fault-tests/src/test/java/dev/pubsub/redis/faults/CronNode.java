package dev.pubsub.redis.faults;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;

import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronOptions;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;

/**
 * A process that fires a cron job every second, by a clock that may be wrong.
 */
final class CronNode {

	private CronNode() {
	}

	public static void main(String[] args) throws Exception {
		Arguments arguments = Arguments.parse(args);
		Journal journal = Journal.open(Path.of(arguments.text("journal", "")));
		Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(arguments.number("offset", 0)));
		BackgroundThreads threads = BackgroundThreads.platform();
		StreamConnections connections = StreamConnections.to(arguments.text("url", ""),
				LettuceClientConfiguration.defaultConfiguration(), threads);
		CronScheduler scheduler = CronScheduler.builder(connections)
			.options(CronOptions.defaults().withMaxLength(0))
			.clock(clock)
			.events((event) -> journal.write(event.type().name()))
			.build();
		scheduler.schedule(CronJob.of(arguments.text("stream", ""), CronSchedule.parse("* * * * * *", ZoneOffset.UTC)),
				"faults");
		scheduler.start();
		journal.write("READY");
		// Until the test is gone.
		while (System.in.read() >= 0) {
			continue;
		}
		Runtime.getRuntime().halt(1);
	}

}
