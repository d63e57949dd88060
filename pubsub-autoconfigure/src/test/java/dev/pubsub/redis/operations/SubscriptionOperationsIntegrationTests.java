package dev.pubsub.redis.operations;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.ContainerState;
import dev.pubsub.redis.listener.Redelivery;
import dev.pubsub.redis.listener.RetryBackoff;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.operations.OperationException.Kind;
import dev.pubsub.redis.operations.SubscriptionStatus.InFlight;
import dev.pubsub.redis.operations.SubscriptionStatus.Threads;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.pubsub.redis.operations.OperationFailures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@RedisTest
class SubscriptionOperationsIntegrationTests {

	private static final ContainerOptions QUICK = ContainerOptions.defaults()
		.withThreads(2)
		.withBlock(Duration.ofMillis(200));

	private final CountDownLatch release = new CountDownLatch(1);

	private final TestRedis redis;

	private final String stream;

	@AutoClose
	private final OperationsFixture application;

	SubscriptionOperationsIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.application = new OperationsFixture(redis.connectionFactory());
	}

	@AfterEach
	void letHandlersEnd() {
		this.release.countDown();
	}

	@Test
	void listsPages() {
		for (String id : new String[] { "c", "a", "b" }) {
			this.application.start(subscription(id).withOptions(QUICK.withAutoStartup(false)).withId(id));
		}

		Page<SubscriptionStatus> first = list(PageRequest.first().withLimit(2));
		Page<SubscriptionStatus> second = list(PageRequest.first().withLimit(2).withAfter(first.next()));

		assertThat(first.items()).extracting(SubscriptionStatus::id).containsExactly("a", "b");
		assertThat(second.items()).extracting(SubscriptionStatus::id).containsExactly("c");
		assertThat(second.next()).isNull();
		assertFails(Kind.INVALID, "'limit' must be 1 to 200, was 0", () -> PageRequest.first().withLimit(0));
		assertFails(Kind.INVALID, "'limit' must be 1 to 200, was 201", () -> PageRequest.first().withLimit(201));
	}

	@Test
	void tellsWhereMessagesAre() {
		this.application.start(Subscription.of(this.stream, "billing", (message, acknowledgment) -> {
			if ("fails".equals(message.payload().getText("payload"))) {
				throw new IllegalStateException("no stock");
			}
			this.release.await();
		})
			.withOptions(QUICK.withReadCount(2))
			.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMinutes(10)))));
		this.redis.xadd(this.stream, Map.of("payload", "fails"));
		await().untilAsserted(() -> assertThat(get("billing").inFlight().waiting()).isOne());
		this.redis.xadd(this.stream, Map.of("payload", "waits"));
		this.redis.xadd(this.stream, Map.of("payload", "waits"));

		await().untilAsserted(() -> {
			SubscriptionStatus status = get("billing");
			assertThat(status.state()).isEqualTo(ContainerState.RUNNING);
			assertThat(status.since()).isNotNull();
			assertThat(status.healthy()).isTrue();
			assertThat(status.lastRead()).isNotNull();
			assertThat(status.threads()).isEqualTo(new Threads(2, 2, 0));
			assertThat(status.inFlight()).isEqualTo(new InFlight(0, 2, 1, 0));
			assertThat(status.deadLetterStream()).isEqualTo("{" + this.stream + "}:dlq");
			assertThat(status.backlog()).satisfies((backlog) -> {
				assertThat(backlog.pending()).isEqualTo(3);
				assertThat(backlog.streamLength()).isEqualTo(3);
				assertThat(backlog.consumers()).isOne();
			});
		});
	}

	@Test
	void pausesResumesStopsAndStarts() {
		this.application.start(subscription("billing"));
		await().until(() -> get("billing").state() == ContainerState.RUNNING);

		assertThat(this.application.subscriptions().pause(id("billing")).state()).isEqualTo(ContainerState.PAUSED);
		assertThat(this.application.subscriptions().pause(id("billing")).state()).isEqualTo(ContainerState.PAUSED);
		assertThat(this.application.subscriptions().resume(id("billing")).state()).isEqualTo(ContainerState.RUNNING);
		assertThat(this.application.subscriptions().stop(id("billing")).state()).isEqualTo(ContainerState.STOPPED);
		assertFails(Kind.CONFLICT, "cannot be paused: it is stopped",
				() -> this.application.subscriptions().pause(id("billing")));
		assertFails(Kind.CONFLICT, "cannot be resumed: it is stopped",
				() -> this.application.subscriptions().resume(id("billing")));
		assertThat(get("billing").healthy()).isTrue();
		assertThat(this.application.subscriptions().start(id("billing")).state()).isIn(ContainerState.STARTING,
				ContainerState.RUNNING);
		assertFails(Kind.UNKNOWN, "There is no subscription \"other\", but [" + id("billing") + "]",
				() -> this.application.subscriptions().stop("other"));
	}

	@Test
	void doesNotWaitForHandlersThatTakeLongToStop() {
		this.application
			.start(Subscription.of(this.stream, "billing", (message, acknowledgment) -> this.release.await())
				.withOptions(QUICK));
		this.redis.xadd(this.stream, Map.of("payload", "waits"));
		await().until(() -> get("billing").threads().busy() == 1);

		assertThat(this.application.subscriptions().stop(id("billing")).state()).isEqualTo(ContainerState.STOPPING);
		this.release.countDown();
		await().until(() -> get("billing").state() == ContainerState.STOPPED);
	}

	@Test
	void isNotWellWhenAllThreadsAreStuck() {
		this.application.start(Subscription.of(this.stream, "billing", (message, acknowledgment) -> ignoreInterrupts())
			.withOptions(QUICK)
			.withRedelivery(Redelivery.defaults().withTimeout(Duration.ofMillis(100))));
		this.redis.xadd(this.stream, Map.of("payload", "hangs"));
		await().atMost(Duration.ofSeconds(20)).until(() -> get("billing").threads().stuck() == 1);
		assertThat(get("billing").healthy()).isTrue();

		// Two threads, and two that take their places.
		for (int i = 0; i < 3; i++) {
			this.redis.xadd(this.stream, Map.of("payload", "hangs"));
		}

		await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
			SubscriptionStatus status = get("billing");
			assertThat(status.threads().stuck()).isEqualTo(4);
			assertThat(status.healthy()).isFalse();
			assertThat(status.reason())
				.isEqualTo("No handler thread is left: 4 handlers ignore the interrupt at their deadline");
			assertThat(status.reasonSince()).isAfter(status.since());
		});
		this.release.countDown();
		await().until(() -> get("billing").healthy());
	}

	private void ignoreInterrupts() {
		boolean released = false;
		while (!released) {
			try {
				this.release.await();
				released = true;
			}
			catch (InterruptedException ex) {
				// That is the point.
			}
		}
	}

	private Subscription subscription(String group) {
		return Subscription.of(this.stream, group, (message, acknowledgment) -> {
		}).withOptions(QUICK);
	}

	private Page<SubscriptionStatus> list(PageRequest page) {
		return this.application.subscriptions().list(page);
	}

	private SubscriptionStatus get(String group) {
		return this.application.subscriptions().get(id(group));
	}

	private String id(String group) {
		return group + "." + this.stream;
	}

}
