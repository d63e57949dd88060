package dev.pubsub.redis.operations;

import java.time.ZoneOffset;

import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.operations.OperationException.Kind;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.pubsub.redis.operations.OperationFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RedisTest
class CronOperationsIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	@AutoClose
	private final OperationsFixture application;

	CronOperationsIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("reports");
		this.application = new OperationsFixture(redis.connectionFactory());
		CronSchedule schedule = CronSchedule.parse("0 0 3 1 1 *", ZoneOffset.UTC);
		this.application.scheduler.schedule(CronJob.of(this.stream, schedule).withName("yearly"), "test");
		this.application.scheduler.schedule(CronJob.of(this.stream, schedule).withName("another"), "test");
	}

	@Test
	void listsJobsWithTheirNextFires() {
		Page<CronStatus> first = this.application.cron().list(PageRequest.first().withLimit(1));
		Page<CronStatus> second = this.application.cron()
			.list(PageRequest.first().withLimit(1).withAfter(first.next()));

		assertThat(first.items()).extracting(CronStatus::job).containsExactly("another");
		assertThat(second.items()).singleElement().satisfies((job) -> {
			assertThat(job.job()).isEqualTo("yearly");
			assertThat(job.expression()).isEqualTo("0 0 3 1 1 *");
			assertThat(job.zone()).isEqualTo("Z");
			assertThat(job.paused()).isFalse();
			assertThat(job.nextFires()).hasSize(5)
				.isSorted()
				.allMatch((fire) -> fire.toString().endsWith("-01-01T03:00:00Z"));
		});
		assertThat(second.next()).isNull();
		assertFails(Kind.INVALID, "'after' must be",
				() -> this.application.cron().list(PageRequest.first().withAfter("?")));
	}

	@Test
	void triggersPausesAndResumes() {
		String id = this.application.cron().trigger(this.stream, "yearly");
		assertThat(this.redis.executeForList("XRANGE", this.stream, id, id)).hasSize(1);

		assertThat(this.application.cron().pause(this.stream, "yearly").paused()).isTrue();
		await().until(() -> this.application.cron().get(this.stream, "yearly").nextFires().isEmpty());
		assertThat(this.application.cron().resume(this.stream, "yearly").paused()).isFalse();
		await().until(() -> this.application.cron().get(this.stream, "yearly").nextFires().size() == 5);
		assertFails(Kind.UNKNOWN, "There is no cron job \"other\" of stream",
				() -> this.application.cron().trigger(this.stream, "other"));
	}

}
