package dev.pubsub.redis.autoconfigure;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.cron.CronEvent;
import dev.pubsub.redis.cron.CronHeaders;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.handler.annotation.Header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Cron jobs of applications on a real Redis. Each context is a node.
 */
@RedisTest
class CronIntegrationTests {

	private final TestRedis redis;

	private final String stream;

	private final ApplicationContextRunner runner;

	CronIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("reports");
		this.runner = PubSubRunner.on(redis).withPropertyValues("stream=" + this.stream);
	}

	@Test
	void twoNodesHandleOneMessagePerSecondInTotal() {
		this.runner.withUserConfiguration(EverySecond.class)
			.run((one) -> this.runner.withUserConfiguration(EverySecond.class).run((other) -> {
				Queue<StreamMessage<?>> first = one.getBean(EverySecond.class).ticks;
				Queue<StreamMessage<?>> second = other.getBean(EverySecond.class).ticks;
				await().atMost(Duration.ofSeconds(20)).until(() -> this.redis.xlen(this.stream) >= 6);

				long entries = this.redis.xlen(this.stream);
				await().until(() -> first.size() + second.size() >= entries);
				List<Instant> fireTimes = Stream.concat(first.stream(), second.stream())
					.map((tick) -> Instant.parse(tick.headers().get(CronHeaders.FIRE_TIME)))
					.sorted()
					.toList();
				for (int i = 0; i < fireTimes.size(); i++) {
					assertThat(fireTimes.get(i)).isEqualTo(fireTimes.get(0).plusSeconds(i));
				}
				assertThat(first).allSatisfy((tick) -> {
					assertThat(tick.source()).isEqualTo("cron");
					assertThat(tick.headers()).containsEntry(CronHeaders.JOB, this.stream);
				});
			}));
	}

	@Test
	void eachGroupGetsTheOneMessageOfASharedJob() {
		this.runner.withUserConfiguration(TwoGroups.class, TestClock.class).run((context) -> {
			TwoGroups listeners = context.getBean(TwoGroups.class);
			fire(context.getBean(CronScheduler.class), context.getBean(TestClock.class), this.stream, "nightly");

			await().until(() -> listeners.runs.get() == 1 && !listeners.fireTimes.isEmpty());

			assertThat(listeners.fireTimes).containsExactly(Instant.parse("2026-01-01T02:30:00Z"));
			assertThat(this.redis.xlen(this.stream)).isOne();
			assertThat(context.getBean(CronScheduler.class).getJobs()).hasSize(1);
		});
	}

	@Test
	void jobsThatAreBeansFireAndTellSo() {
		this.runner.withUserConfiguration(JobBean.class, TestClock.class).run((context) -> {
			fire(context.getBean(CronScheduler.class), context.getBean(TestClock.class), this.stream, this.stream);

			JobBean events = context.getBean(JobBean.class);
			await().until(() -> !events.events.isEmpty());
			assertThat(events.events).extracting(CronEvent::type).containsExactly(CronEvent.Type.FIRED);
		});
	}

	@Test
	void jobThatIsABeanAndAnotherThatIsDeclaredConflict() {
		this.runner.withUserConfiguration(JobBean.class, EverySecond.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("EverySecond.tick")
				.hasMessageContaining("bean everyNight"));
	}

	@Test
	void nothingFiresWithoutConsumers() {
		this.runner.withUserConfiguration(JobBean.class)
			.withPropertyValues("pubsub.redis.consumer.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CronScheduler.class));
	}

	@Test
	void nodeThatStopsLeavesNothingThatFires() {
		this.runner.withUserConfiguration(JobBean.class, TestClock.class).run((context) -> {
			TestClock clock = context.getBean(TestClock.class);
			CronScheduler scheduler = context.getBean(CronScheduler.class);
			awaitKnown(scheduler, this.stream, this.stream);
			context.close();
			clock.time = Instant.parse("2026-01-01T02:30:00Z");

			await().during(Duration.ofMillis(1500)).until(() -> this.redis.xlen(this.stream) == 0);
			assertThat(scheduler.isRunning()).isFalse();
		});
	}

	private static void fire(CronScheduler scheduler, TestClock clock, String stream, String job) {
		awaitKnown(scheduler, stream, job);
		clock.time = Instant.parse("2026-01-01T02:30:00Z");
	}

	private static void awaitKnown(CronScheduler scheduler, String stream, String job) {
		await().until(() -> scheduler.getJob(stream, job).orElseThrow().lastFire() != null);
	}

	@Configuration(proxyBeanMethods = false)
	static class TestClock {

		private volatile Instant time = Instant.parse("2026-01-01T02:29:00Z");

		@Bean
		Clock clock() {
			InstantSource source = () -> this.time;
			return source.withZone(ZoneOffset.UTC);
		}

	}

	static class EverySecond {

		private final Queue<StreamMessage<?>> ticks = new ConcurrentLinkedQueue<>();

		@StreamSubscribe(stream = "${stream}", cron = "* * * * * *", retryCount = 0)
		void tick(StreamMessage<?> tick) {
			this.ticks.add(tick);
		}

	}

	static class TwoGroups {

		private final AtomicInteger runs = new AtomicInteger();

		private final Queue<Instant> fireTimes = new ConcurrentLinkedQueue<>();

		@StreamSubscribe(stream = "${stream}", cron = "30 2 * * *", job = "nightly")
		void withoutParameters() {
			this.runs.incrementAndGet();
		}

		@StreamSubscribe(stream = "${stream}", cron = "30 2 * * *", job = "nightly", group = "audit")
		void withFireTime(Map<String, String> nothing, @Header(CronHeaders.FIRE_TIME) Instant fireTime) {
			assertThat(nothing).isEmpty();
			this.fireTimes.add(fireTime);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class JobBean {

		private final Queue<CronEvent> events = new ConcurrentLinkedQueue<>();

		@Bean
		CronJob everyNight(@Value("${stream}") String stream) {
			return CronJob.of(stream, CronSchedule.parse("30 2 * * *", ZoneOffset.UTC));
		}

		@EventListener
		void on(CronEvent event) {
			this.events.add(event);
		}

	}

}
