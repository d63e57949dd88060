package dev.pubsub.redis.autoconfigure;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.pubsub.redis.annotation.StreamSubscribe;
import dev.pubsub.redis.cron.CronJob;
import dev.pubsub.redis.cron.CronSchedule;
import dev.pubsub.redis.cron.Overlap;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.search.RequiredSearch;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What is counted about messages, whatever becomes of them, and the gauges of what waits.
 * With a server of its own, which the tests freeze.
 */
class MessageMetersIntegrationTests extends MetersTest {

	private static final String LETTERS = "{orders}:dlq";

	MessageMetersIntegrationTests() {
		super(Orders.class, "pubsub.redis.backoff.delay=10ms");
	}

	@Override
	void release(AssertableApplicationContext context) {
		context.getBean(Orders.class).release.countDown();
	}

	@Override
	RequiredSearch find(AssertableApplicationContext context, String name, String... tags) {
		return super.find(context, name, tags).tag("messaging.destination.name", STREAM);
	}

	private double messages(AssertableApplicationContext context, String outcome) {
		return find(context, "pubsub.messages", "subscription", "billing.orders", "outcome", outcome).counter().count();
	}

	private Timer handler(AssertableApplicationContext context, String outcome) {
		return find(context, "pubsub.handler", "subscription", "billing.orders", "outcome", outcome).timer();
	}

	private void awaitMessages(AssertableApplicationContext context, String outcome, double count) {
		await(outcome).atMost(PATIENCE).untilAsserted(() -> assertThat(messages(context, outcome)).isEqualTo(count));
	}

	private String add(String what) {
		return this.redis.xadd(STREAM, Map.of("what", what));
	}

	/**
	 * Have one message wait for the only thread.
	 */
	private void queueOne(AssertableApplicationContext context) {
		// Quick ones first, so that it reads ahead.
		for (int i = 0; i < 100; i++) {
			add("works");
		}
		awaitMessages(context, "handled", 100);
		add("waits");
		add("works");
		awaitGauge(context, 1, "pubsub.in.flight", "stage", "queued");
	}

	/**
	 * Let a consumer that is dead have what is in the stream.
	 */
	private void deliverToDeadConsumer() {
		this.redis.execute("XGROUP", "CREATE", STREAM, "billing", "0");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "dead", "STREAMS", STREAM, ">");
	}

	@Test
	void handled() {
		run((context) -> {
			add("works");
			awaitMessages(context, "handled", 1);
			assertThat(messages(context, "started")).isEqualTo(1);
			assertThat(messages(context, "failed")).isZero();
			assertThat(handler(context, "handled").count()).isEqualTo(1);
			assertThat(handler(context, "handled").totalTime(TimeUnit.NANOSECONDS)).isPositive();
		});
	}

	@Test
	void failedAndDeadLettered() {
		run((context) -> {
			add("fails");
			awaitMessages(context, "dead_lettered", 1);
			assertThat(messages(context, "failed")).isEqualTo(2);
			assertThat(messages(context, "started")).isEqualTo(3);
			assertThat(messages(context, "handled")).isZero();
			assertThat(handler(context, "failed").count()).isEqualTo(2);
			assertThat(handler(context, "dead_lettered").count()).isEqualTo(1);
			awaitGauge(context, 1, "pubsub.dead.letters", "dead.letter.stream", LETTERS);
			awaitGauge(context, 0, "pubsub.group.pending");
		}, "pubsub.redis.retry-count=2");
	}

	@Test
	void dropped() {
		run((context) -> {
			add("fails");
			awaitMessages(context, "dropped", 1);
			assertThat(handler(context, "dropped").count()).isEqualTo(1);
			assertThat(messages(context, "dead_lettered")).isZero();
		}, "pubsub.redis.retry-count=0", "pubsub.redis.dead-letter.enabled=false");
	}

	@Test
	void deadLetterRefused() {
		this.redis.execute("SET", LETTERS, "not a stream");
		run((context) -> {
			add("fails");
			await().atMost(PATIENCE).until(() -> messages(context, "dead_letter_refused") > 0);
			assertThat(messages(context, "dead_lettered")).isZero();
		}, "pubsub.redis.retry-count=0");
	}

	@Test
	void claimed() {
		add("works");
		deliverToDeadConsumer();
		run((context) -> {
			awaitMessages(context, "claimed", 1);
			awaitMessages(context, "handled", 1);
		}, "pubsub.redis.lease=5s");
	}

	@Test
	void payloadLost() {
		String id = add("works");
		deliverToDeadConsumer();
		this.redis.execute("XDEL", STREAM, id);
		run((context) -> awaitMessages(context, "payload_lost", 1), "pubsub.redis.lease=5s");
	}

	@Test
	void leaseLost() {
		run((context) -> {
			String id = add("waits");
			awaitGauge(context, 1, "pubsub.in.flight", "stage", "running");

			this.redis.execute("XCLAIM", STREAM, "billing", "other", "0", id);

			awaitMessages(context, "lease_lost", 1);
			assertThat(messages(context, "handled")).isZero();
		}, "pubsub.redis.lease=5s");
	}

	@Test
	void queued() {
		run((context) -> {
			queueOne(context);

			context.getBean(Orders.class).release.countDown();

			awaitGauge(context, 0, "pubsub.in.flight", "stage", "queued");
			awaitMessages(context, "handled", 102);
		});
	}

	/**
	 * A queued message, and one whose handler the stop cut off.
	 */
	@Test
	void released() {
		run((context) -> {
			queueOne(context);

			context.getBean(StreamListenerContainerRegistry.class).getContainer("billing.orders").orElseThrow().stop();

			awaitMessages(context, "released", 2);
		}, "pubsub.redis.shutdown-timeout=1ms");
	}

	@Test
	void settling() {
		run((context) -> {
			add("waits");
			awaitGauge(context, 1, "pubsub.in.flight", "stage", "running");
			this.server.freeze();

			context.getBean(Orders.class).release.countDown();

			awaitGauge(context, 1, "pubsub.in.flight", "stage", "settling");
			this.server.resume();
			awaitGauge(context, 0, "pubsub.in.flight", "stage", "settling");
			awaitMessages(context, "handled", 1);
		});
	}

	@Test
	void unreadLost() {
		add("works");
		this.redis.execute("XGROUP", "CREATE", STREAM, "billing", "0");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "other", "COUNT", "1", "NOACK", "STREAMS", STREAM, ">");
		for (int i = 0; i < 5; i++) {
			add("works");
		}
		this.redis.execute("XTRIM", STREAM, "MAXLEN", "2");
		run((context) -> {
			awaitMessages(context, "handled", 2);
			double lost = find(context, "pubsub.unread.lost", "subscription", "billing.orders").counter().count();
			assertThat(lost).isEqualTo(this.redis.isRedis6() ? 0 : 3);
		});
	}

	@Test
	void whatWaits() {
		long now = Instant.now(Clock.systemUTC()).toEpochMilli();
		this.redis.execute("XADD", STREAM, (now - 7_200_000) + "-0", "what", "waits");
		this.redis.execute("XADD", STREAM, (now - 3_600_000) + "-0", "what", "works");
		this.redis.execute("XADD", STREAM, (now - 1_800_000) + "-0", "what", "works");
		this.redis.execute("XGROUP", "CREATE", STREAM, "billing", "0");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "dead", "COUNT", "1", "STREAMS", STREAM, ">");
		run((context) -> {
			awaitGauge(context, 3, "pubsub.stream.length");
			assertThat(gauge(context, "pubsub.group.pending")).isEqualTo(1);
			assertThat(gauge(context, "pubsub.group.consumers")).isEqualTo(1);
			assertThat(gauge(context, "pubsub.group.lag")).isEqualTo(this.redis.isRedis6() ? Double.NaN : 2);
			assertThat(gauge(context, "pubsub.group.oldest.pending.age")).isBetween(7_200.0, 7_300.0);
			assertThat(gauge(context, "pubsub.group.oldest.unread.age")).isBetween(3_600.0, 3_700.0);
			assertThat(gauge(context, "pubsub.stream.memory")).isBetween(100.0, 100_000.0);
			assertThat(gauge(context, "pubsub.dead.letters")).isZero();

			context.getBean(StreamListenerContainerRegistry.class).start("billing.orders");

			awaitGauge(context, 0, "pubsub.group.oldest.unread.age");
			context.getBean(Orders.class).release.countDown();
			awaitGauge(context, 0, "pubsub.group.oldest.pending.age");
			awaitGauge(context, 0, "pubsub.group.pending");
		}, "auto-startup=false", "pubsub.redis.lease=5s");
	}

	@Test
	void overlappedCronJob() {
		run((context) -> {
			this.redis.execute("XGROUP", "CREATE", "reports", "printing", "0", "MKSTREAM");
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(context.getBean(MeterRegistry.class)
					.get("pubsub.cron.fires")
					.tags("job", "report", "outcome", "overlapped")
					.counter()
					.count()).isPositive());
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Orders {

		final CountDownLatch release = new CountDownLatch(1);

		@StreamSubscribe(value = STREAM, autoStartup = "${auto-startup:true}")
		void placed(Map<String, String> order) throws InterruptedException {
			switch (order.getOrDefault("what", "")) {
				case "fails" -> throw new IllegalStateException("no stock");
				case "waits" -> this.release.await();
				default -> {
				}
			}
		}

		@Bean
		CronJob report() {
			return CronJob.of("reports", CronSchedule.parse("* * * * * *", ZoneOffset.UTC))
				.withName("report")
				.withOverlap(Overlap.SKIP);
		}

	}

}
