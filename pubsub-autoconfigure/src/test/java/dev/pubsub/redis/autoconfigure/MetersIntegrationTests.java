package dev.pubsub.redis.autoconfigure;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.RedisStreamProducer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.MeterNotFoundException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Each meter of an application moves when something happens, and tells nothing wrong
 * while Redis is away. With a server of its own, which the tests end.
 */
class MetersIntegrationTests extends MetersTest {

	MetersIntegrationTests() {
		super(Orders.class, "pubsub.redis.producer.timeout=500ms");
	}

	@BeforeEach
	void clean() {
		this.redis.execute("FLUSHALL");
	}

	@Override
	void release(AssertableApplicationContext context) {
		context.getBean(Orders.class).release.countDown();
	}

	private double count(AssertableApplicationContext context, String name, String... tags) {
		return find(context, name, tags).counter().count();
	}

	private double reconnects(AssertableApplicationContext context, String connection) {
		return find(context, "pubsub.reconnects", "connection", connection).functionCounter().count();
	}

	private static void publish(AssertableApplicationContext context) {
		context.getBean(RedisStreamProducer.class).publish(STREAM, Map.of("item", "apple"));
	}

	private static StreamListenerContainerRegistry containers(AssertableApplicationContext context) {
		return context.getBean(StreamListenerContainerRegistry.class);
	}

	@Test
	void metersAreThereBeforeAnythingHappens() {
		run((context) -> {
			assertThat(count(context, "pubsub.messages", "subscription", "billing.orders", "messaging.destination.name",
					STREAM, "messaging.consumer.group.name", "billing", "outcome", "dead_lettered"))
				.isZero();
			assertThat(count(context, "pubsub.groups.lost", "subscription", "billing.orders")).isZero();
			assertThat(count(context, "pubsub.unread.lost", "subscription", "billing.orders")).isZero();
		});
	}

	@Test
	void messagesAreCountedWhereTheyAre() {
		run((context) -> {
			awaitGauge(context, 1, "pubsub.container.state", "state", "running");
			assertThat(gauge(context, "pubsub.threads.max")).isEqualTo(1);
			assertThat(gauge(context, "pubsub.threads.busy")).isZero();
			assertThat(gauge(context, "pubsub.in.flight", "stage", "running")).isZero();
			publish(context);

			awaitGauge(context, 1, "pubsub.in.flight", "stage", "running");
			awaitGauge(context, 1, "pubsub.threads.busy");
			assertThat(gauge(context, "pubsub.in.flight", "stage", "queued")).isZero();

			context.getBean(Orders.class).release.countDown();

			awaitGauge(context, 0, "pubsub.in.flight", "stage", "running");
			awaitGauge(context, 0, "pubsub.threads.busy");
		});
	}

	@Test
	void failedMessageWaits() {
		run((context) -> {
			context.getBean(Orders.class).failing.set(true);
			publish(context);

			awaitGauge(context, 1, "pubsub.in.flight", "stage", "waiting");
			assertThat(count(context, "pubsub.messages", "outcome", "failed")).isEqualTo(1);
		}, "pubsub.redis.backoff.delay=1m", "pubsub.redis.backoff.max-delay=1m");
	}

	@Test
	void stuckHandlerIsCounted() {
		run((context) -> {
			Orders orders = context.getBean(Orders.class);
			orders.stubborn.set(true);
			publish(context);

			awaitGauge(context, 1, "pubsub.threads.stuck");
			assertThat(count(context, "pubsub.messages", "outcome", "stuck")).isEqualTo(1);

			orders.release.countDown();
			awaitGauge(context, 0, "pubsub.threads.stuck");
		}, "pubsub.redis.timeout=200ms");
	}

	@Test
	void stateFollowsTheContainer() {
		run((context) -> {
			awaitGauge(context, 1, "pubsub.container.state", "state", "running");
			assertThat(gauge(context, "pubsub.container.state", "state", "paused")).isZero();

			containers(context).pause("billing.orders");
			assertThat(gauge(context, "pubsub.container.state", "state", "paused")).isEqualTo(1);
			assertThat(gauge(context, "pubsub.container.state", "state", "running")).isZero();

			containers(context).stop("billing.orders");
			assertThat(gauge(context, "pubsub.container.state", "state", "stopped")).isEqualTo(1);
		});
	}

	@Test
	void lastReadGetsOlderWhileRedisIsAwayAndOutagesAreCounted() {
		run((context) -> {
			awaitGauge(context, 1, "pubsub.container.state", "state", "running");
			assertThat(gauge(context, "pubsub.last.read.age")).isBetween(0.0, 5.0);
			assertThat(gauge(context, "pubsub.outages")).isZero();
			publish(context);
			awaitGauge(context, 1, "pubsub.group.pending");

			this.server.kill();

			await().atMost(PATIENCE).untilAsserted(() -> {
				assertThat(gauge(context, "pubsub.outages")).isPositive();
				assertThat(gauge(context, "pubsub.last.read.age")).isGreaterThan(1);
				assertThat(gauge(context, "pubsub.group.pending")).isNaN();
				assertThat(gauge(context, "pubsub.in.flight", "stage", "running")).isEqualTo(1);
				assertThat(gauge(context, "pubsub.container.state", "state", "running")).isEqualTo(1);
			});

			this.server.restart();
			context.getBean(Orders.class).release.countDown();

			await().atMost(PATIENCE).untilAsserted(() -> assertThat(gauge(context, "pubsub.outages")).isZero());
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(gauge(context, "pubsub.last.read.age")).isLessThan(1));
		});
	}

	@Test
	void lastReadIsUnknownBeforeTheFirst() {
		this.server.kill();
		run((context) -> assertThat(gauge(context, "pubsub.last.read.age")).isNaN());
	}

	@Test
	void reconnectsAreCountedByPurpose() {
		run((context) -> {
			publish(context);
			awaitGauge(context, 1, "pubsub.in.flight", "stage", "running");
			await().atMost(PATIENCE)
				.ignoreException(MeterNotFoundException.class)
				.until(() -> reconnects(context, "reader") == 0);

			this.redis.execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");

			await().atMost(PATIENCE).untilAsserted(() -> {
				assertThat(reconnects(context, "reader")).isEqualTo(1);
				assertThat(reconnects(context, "control")).isEqualTo(1);
			});
		});
	}

	@Test
	void lostGroupIsCounted() {
		run((context) -> {
			awaitGauge(context, 1, "pubsub.container.state", "state", "running");
			assertThat(count(context, "pubsub.groups.lost")).isZero();

			this.redis.execute("XGROUP", "DESTROY", STREAM, "billing");

			await().atMost(PATIENCE).untilAsserted(() -> assertThat(count(context, "pubsub.groups.lost")).isEqualTo(1));
		});
	}

	@Test
	void publishedMessagesAreCountedByWhatBecameOfThem() {
		run((context) -> {
			RedisStreamProducer producer = context.getBean(RedisStreamProducer.class);
			publish(context);
			producer.publishAsync(STREAM, Map.of("item", "pear")).join();
			producer.newSession().add(STREAM, Map.of("item", "plum")).add(STREAM, Map.of("item", "fig")).commit();
			assertThat(count(context, "pubsub.published", "messaging.destination.name", STREAM, "outcome", "sent"))
				.isEqualTo(4);
			assertThat(gauge(context, "pubsub.publish.in.flight", "messaging.destination.name", STREAM)).isZero();

			this.redis.execute("SET", "text", "no stream");
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> producer.publish("text", Map.of("item", "apple")));
			assertThat(count(context, "pubsub.published", "messaging.destination.name", "text", "outcome", "rejected"))
				.isEqualTo(1);

			this.server.freeze();
			var late = producer.publishAsync(STREAM, Map.of("item", "kiwi"));
			assertThat(gauge(context, "pubsub.publish.in.flight", "messaging.destination.name", STREAM)).isEqualTo(1);
			await().atMost(PATIENCE).until(late::isDone);
			assertThat(count(context, "pubsub.published", "messaging.destination.name", STREAM, "outcome", "unknown"))
				.isEqualTo(1);
			assertThat(gauge(context, "pubsub.publish.in.flight", "messaging.destination.name", STREAM)).isZero();
			this.server.resume();
		});
	}

	@Test
	void cronJobTellsWhenItFiredAndWhetherItIsPaused() {
		run((context) -> {
			double next = gauge(context, "pubsub.cron.next.fire", "job", "report");
			assertThat(next).isGreaterThan(Instant.now(Clock.systemUTC()).getEpochSecond() - 5.0);
			await().atMost(PATIENCE).untilAsserted(() -> {
				assertThat(count(context, "pubsub.cron.fires", "job", "report", "outcome", "fired")).isPositive();
				assertThat(gauge(context, "pubsub.cron.last.fire", "job", "report")).isGreaterThanOrEqualTo(next);
				assertThat(find(context, "pubsub.cron.lateness", "job", "report").timer().count()).isPositive();
			});
			CronScheduler scheduler = context.getBean(CronScheduler.class);
			assertThat(gauge(context, "pubsub.cron.paused", "job", "report")).isZero();

			scheduler.pause("reports", "report");
			awaitGauge(context, 1, "pubsub.cron.paused", "job", "report");
			assertThat(gauge(context, "pubsub.cron.next.fire", "job", "report")).isNaN();

			scheduler.trigger("reports", "report");
			assertThat(count(context, "pubsub.cron.fires", "job", "report", "outcome", "triggered")).isEqualTo(1);

			scheduler.cancel("reports", "report");
			await().atMost(PATIENCE)
				.untilAsserted(
						() -> assertThat(context.getBean(MeterRegistry.class).find("pubsub.cron.paused").gauges())
							.isEmpty());
		});
	}

	@Test
	void missedFireIsCountedWhenRedisWasAway() {
		run((context) -> {
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(count(context, "pubsub.cron.fires", "outcome", "fired")).isPositive());
			double last = gauge(context, "pubsub.cron.last.fire");

			this.server.freeze();
			await().atMost(PATIENCE).until(() -> gauge(context, "pubsub.cron.next.fire") >= last + 5);
			assertThat(gauge(context, "pubsub.cron.last.fire")).isBetween(last, last + 2);
			this.server.resume();

			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(count(context, "pubsub.cron.fires", "outcome", "missed")).isPositive());
		}, "pubsub.redis.cron.misfire-grace=1s");
	}

	@Test
	void metersGoWithTheirContext() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		PubSubRunner.on(this.redis)
			.withConfiguration(AutoConfigurations.of(PubSubMetricsAutoConfiguration.class))
			.withUserConfiguration(Orders.class)
			.withBean(MeterRegistry.class, () -> registry, (definition) -> definition.setDestroyMethodName(""))
			.run((context) -> assertThat(registry.find("pubsub.container.state").gauges()).hasSize(6));

		assertThat(registry.getMeters()).extracting((meter) -> meter.getId().getName())
			.doesNotContain("pubsub.container.state", "pubsub.cron.paused", "pubsub.in.flight");
	}

	@Configuration(proxyBeanMethods = false)
	static class Orders {

		final CountDownLatch release = new CountDownLatch(1);

		final AtomicBoolean failing = new AtomicBoolean();

		final AtomicBoolean stubborn = new AtomicBoolean();

		@StreamSubscribe(STREAM)
		void placed(Map<String, String> order) throws InterruptedException {
			if (this.failing.get()) {
				throw new IllegalStateException("no stock");
			}
			boolean released = false;
			while (!released) {
				try {
					this.release.await();
					released = true;
				}
				catch (InterruptedException ex) {
					if (!this.stubborn.get()) {
						throw ex;
					}
				}
			}
		}

		@Bean
		CronJob report() {
			return CronJob.of("reports", CronSchedule.parse("* * * * * *", ZoneOffset.UTC)).withName("report");
		}

	}

}
