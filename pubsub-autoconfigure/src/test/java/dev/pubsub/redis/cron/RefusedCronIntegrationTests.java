package dev.pubsub.redis.cron;

import java.time.Duration;
import java.time.ZoneOffset;

import ch.qos.logback.classic.Level;
import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.test.LogLines;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A cron job while Redis refuses one of its commands.
 */
@RedisTest
class RefusedCronIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final TestRedis redis;

	private final String stream;

	private final String user;

	@AutoClose
	private final LogLines lines = new LogLines();

	@AutoClose
	private final BackgroundThreads threads = BackgroundThreads.platform();

	RefusedCronIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("reports");
		this.user = "refused-" + redis.prefix().replace(':', '-');
	}

	@AfterEach
	void deleteUser() {
		this.redis.execute("ACL", "DELUSER", this.user);
	}

	@ParameterizedTest
	@CsvSource({ "evalsha, cron_register (", "hset, cron_register (", "xadd, cron (" })
	void isToldShownAndTriedAgain(String right, String command) {
		this.redis.execute("ACL", "SETUSER", this.user, "on", ">secret", "~*", "&*", "+@all", "-" + right);
		String url = "redis://%s:secret@%s:%d".formatted(this.user, this.redis.host(), this.redis.port());
		try (StreamConnections connections = StreamConnections.to(url,
				LettuceClientConfiguration.defaultConfiguration(), this.threads);
				CronScheduler scheduler = CronScheduler.builder(connections).build()) {
			scheduler.schedule(CronJob.of(this.stream, CronSchedule.parse("* * * * * *", ZoneOffset.UTC)), "test");
			scheduler.start();
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(scheduler.getOutages()).hasSize(1)
					.allMatch(Outage::isRefused)
					.allMatch((outage) -> String.valueOf(outage.getCommand()).contains(command)));
			assertThat(this.lines.of(Level.WARN, this.stream, "failed, trying again", command)).hasSize(1);

			this.redis.execute("ACL", "SETUSER", this.user, "+" + right);

			await().atMost(PATIENCE).untilAsserted(() -> {
				assertThat(this.redis.xlen(this.stream)).isPositive();
				assertThat(scheduler.getOutages()).isEmpty();
				assertThat(this.lines.of(Level.INFO, this.stream, "works again")).hasSize(1);
			});
		}
	}

}
