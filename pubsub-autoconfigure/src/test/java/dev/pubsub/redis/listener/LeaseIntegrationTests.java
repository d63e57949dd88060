package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.pubsub.redis.observe.MessageEvent.Kind;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Leases that others took, and renewals at the wrong moment.
 */
class LeaseIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(15);

	LeaseIntegrationTests(TestRedis redis) {
		super(redis);
	}

	private void add(String name) {
		this.redis.xadd(this.stream, Map.of("name", name));
	}

	private Subscription subscription(StreamHandler handler) {
		return Subscription.of(this.stream, "billing", handler).withOptions(Nodes.quick());
	}

	private void giveToOther(String id) {
		this.redis.execute("XCLAIM", this.stream, "billing", "other", "0", id);
	}

	@Test
	void takesBackWhatWaitedForLongWhenWhoTookItIsGone() {
		AtomicInteger starts = new AtomicInteger();
		ContainerFixture node = this.nodes.add();
		node.start(subscription((message, ack) -> {
			if (starts.incrementAndGet() == 1) {
				throw new IllegalStateException("no stock");
			}
		}).withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMinutes(5)))));
		String id = this.redis.xadd(this.stream, Map.of("name", "dog"));
		await().until(() -> node.outcomes().contains(Outcome.FAILED));

		giveToOther(id);

		await().atMost(PATIENCE).until(() -> starts.get() == 2);
	}

	@Test
	void takesBackWhatAStuckHandlerLostOnceItReturns() {
		AtomicInteger starts = new AtomicInteger();
		ContainerFixture node = this.nodes.add();
		node.start(subscription((message, ack) -> {
			if (starts.incrementAndGet() == 1) {
				while (this.release.getCount() > 0) {
					LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
				}
			}
		}).withRedelivery(Redelivery.defaults().withTimeout(Duration.ofSeconds(1))));
		String id = this.redis.xadd(this.stream, Map.of("name", "dog"));
		await().until(() -> starts.get() == 1);
		await().atMost(PATIENCE).until(() -> node.kinds().contains(Kind.STUCK));

		giveToOther(id);
		Duration lease = node.registry.getContainers().iterator().next().getSubscription().options().lease();
		await().during(lease.multipliedBy(2)).atMost(PATIENCE).until(() -> starts.get() == 1);
		this.release.countDown();

		await().atMost(PATIENCE).until(() -> starts.get() == 2);
	}

	@Test
	void doesNotRenewWhatIsHandedBack() {
		Queue<Long> starts = new ConcurrentLinkedQueue<>();
		Subscription one = subscription((message, ack) -> {
			starts.add(System.nanoTime());
			if (starts.size() == 1) {
				this.release.await();
				throw new IllegalStateException("no stock");
			}
		});
		Duration lease = Duration.ofSeconds(6);
		this.nodes.add()
			.start(one.withOptions(one.options().withLease(lease).withClaimInterval(lease))
				.withRedelivery(Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMillis(500)))));
		add("dog");
		await().until(() -> starts.size() == 1);

		// Longer than a third of the lease: a renewal follows while nothing is answered.
		this.redis.execute("CLIENT", "PAUSE", "2200", "ALL");
		long answers = System.nanoTime() + Duration.ofMillis(2200).toNanos();
		this.release.countDown();

		await().atMost(PATIENCE).until(() -> starts.size() == 2);
		assertThat(List.copyOf(starts).get(1) - answers).isLessThan(lease.dividedBy(2).toNanos());
	}

	@Test
	void takesSuspectsOneAtATimeWhileOwnMessagesAreRetried() {
		AtomicInteger suspects = new AtomicInteger();
		AtomicInteger own = new AtomicInteger();
		for (int i = 0; i < 3; i++) {
			add("suspect");
		}
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
		this.redis.execute("XREADGROUP", "GROUP", "billing", "dead", "STREAMS", this.stream, ">");
		this.nodes.add().start(subscription((message, ack) -> {
			if ("suspect".equals(message.payload().getText("name"))) {
				suspects.incrementAndGet();
				this.release.await();
			}
			else if (message.attempt() == 1) {
				throw new IllegalStateException("no stock");
			}
			else {
				own.incrementAndGet();
			}
		}).withRedelivery(
				Redelivery.defaults().withRetryCount(1).withBackoff(RetryBackoff.fixed(Duration.ofMillis(100)))));
		await().atMost(PATIENCE).until(() -> suspects.get() == 1);

		for (int i = 0; i < 5; i++) {
			int before = own.get();
			add("own");
			await().until(() -> own.get() == before + 1);
		}

		assertThat(suspects).hasValue(1);
	}

}
