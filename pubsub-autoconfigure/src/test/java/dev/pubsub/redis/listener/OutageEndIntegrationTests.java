package dev.pubsub.redis.listener;

import java.time.Duration;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.test.RedisServerProcess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What failed is not shown any more when it cannot fail any more, whoever ended it:
 * health would stay down for nothing.
 */
class OutageEndIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(8);

	@AutoClose
	private final RedisServerProcess server = RedisServerProcess.start();

	@AutoClose
	private final Nodes nodes = new Nodes(this.server.redis());

	private static Subscription subscription() {
		return Subscription.of("orders", "billing", (message, ack) -> {
		}).withOptions(Nodes.quick());
	}

	private static Subscription atMostOnce() {
		return subscription().withOptions(Nodes.quick().withAckMode(AckMode.NONE));
	}

	private static void awaitOutage(StreamListenerContainer container, String activity) {
		await(activity).atMost(PATIENCE)
			.until(() -> container.getOutages()
				.stream()
				.anyMatch((outage) -> outage.getActivity().startsWith(activity)));
	}

	private static void awaitNoOutage(StreamListenerContainer container) {
		await("no outage").atMost(PATIENCE)
			.untilAsserted(() -> assertThat(container.getOutages()).extracting(Outage::getActivity).isEmpty());
	}

	@Test
	void endsSoonAfterAStartWithoutRedisWhereNothingIsClaimed() {
		this.server.kill();
		StreamListenerContainer container = this.nodes.add().start(atMostOnce());
		awaitOutage(container, "Reading from");

		this.server.restart();

		awaitNoOutage(container);
	}

	@Test
	void endsWithAPauseThatBeganBeforeRedisCameBack() {
		StreamListenerContainer container = this.nodes.add().start(subscription());
		await().until(() -> container.getState() == ContainerState.RUNNING);
		this.server.kill();
		awaitOutage(container, "Reading from");
		awaitOutage(container, "Claiming from");
		container.pause();

		this.server.restart();

		awaitNoOutage(container);
	}

	@Test
	void endsWhenAnotherConsumerFinishedWhatCouldNotBeGivenUp() {
		this.server.send("SET", "{orders}:dlq", "text");
		this.server.send("XGROUP", "CREATE", "orders", "billing", "0", "MKSTREAM");
		this.server.send("XADD", "orders", "1-0", "item", "apple");
		this.server.send("XREADGROUP", "GROUP", "billing", "gone", "STREAMS", "orders", ">");
		this.server.send("XCLAIM", "orders", "billing", "gone", "0", "1-0", "IDLE", "100000", "RETRYCOUNT", "50");
		StreamListenerContainer container = this.nodes.add().start(subscription());
		awaitOutage(container, "Dead-lettering from");

		this.server.send("XACK", "orders", "billing", "1-0");

		awaitNoOutage(container);
	}

}
