package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Where the messages of a container are, and its threads.
 */
class ContainerActivityIntegrationTests extends ListenerTest {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	ContainerActivityIntegrationTests(TestRedis redis) {
		super(redis);
	}

	private StreamListenerContainer start(StreamHandler handler, int threads, Redelivery redelivery) {
		return this.nodes.add()
			.start(Subscription.of(this.stream, "billing", handler)
				.withOptions(Nodes.quick().withThreads(threads))
				.withRedelivery(redelivery));
	}

	private void add(int messages) {
		for (int i = 0; i < messages; i++) {
			this.redis.xadd(this.stream, Map.of("name", "dog"));
		}
	}

	@Test
	void messagesOfAContainerAreWithTheirHandlersOrWaitForThem() {
		StreamListenerContainer container = start((message, ack) -> this.release.await(), 2, Redelivery.defaults());
		await().until(() -> container.getState() == ContainerState.RUNNING);
		assertThat(container.getActivity()).isEqualTo(new ContainerActivity(2, 0, 0, null, 0, 0, 0, 0));

		add(5);

		await().until(() -> container.getActivity().running() == 2);
		assertThat(container.getActivity().busy()).isEqualTo(2);
		assertThat(container.getActivity().stuck()).isZero();

		this.release.countDown();
		await().until(() -> this.redis.pendingCount(this.stream, "billing") == 0);
		await().until(() -> container.getActivity().equals(new ContainerActivity(2, 0, 0, null, 0, 0, 0, 0)));

		container.stop();
		assertThat(container.getActivity()).isEqualTo(ContainerActivity.NONE);
	}

	@Test
	void messageThatFailedWaitsForItsNextAttempt() {
		StreamListenerContainer container = start((message, ack) -> {
			throw new IllegalStateException("no stock");
		}, 1, Redelivery.defaults().withBackoff(RetryBackoff.fixed(Duration.ofMinutes(1))));

		add(1);

		await().until(() -> container.getActivity().waiting() == 1);
		assertThat(container.getActivity()).isEqualTo(new ContainerActivity(1, 0, 0, null, 0, 0, 1, 0));
	}

	@Test
	void messageThatWasNotDecidedYetIsSettling() {
		StreamListenerContainer container = this.nodes.add()
			.start(Subscription.of(this.stream, "billing", (message, ack) -> {
			}).withOptions(Nodes.quick().withThreads(1).withAckMode(AckMode.MANUAL)));

		add(1);

		await().until(() -> container.getActivity().equals(new ContainerActivity(1, 0, 0, null, 0, 0, 0, 1)));
	}

	@Test
	void handlerThatIgnoresItsInterruptIsStuck() {
		StreamListenerContainer container = start((message, ack) -> {
			boolean released = false;
			while (!released) {
				try {
					released = this.release.await(1, TimeUnit.MINUTES);
				}
				catch (InterruptedException ex) {
					// That is the point.
				}
			}
		}, 1, Redelivery.defaults().withTimeout(Duration.ofMillis(300)));

		add(1);

		await().atMost(PATIENCE).until(() -> container.getActivity().stuck() == 1);
		assertThat(container.getActivity().busy()).isEqualTo(1);

		this.release.countDown();
		await().atMost(PATIENCE).until(() -> container.getActivity().stuck() == 0);
	}

}
