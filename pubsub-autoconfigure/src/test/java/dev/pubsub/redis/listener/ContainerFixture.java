package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.delivery.DeliveryRuntime;
import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.observe.GroupLoss;
import dev.pubsub.redis.observe.MessageEvent.Kind;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.observe.StreamObserver;
import dev.pubsub.redis.observe.UnreadLoss;
import dev.pubsub.redis.test.TestRedis;

/**
 * What one application has: connections, threads and a registry. Several fixtures in one
 * test are several nodes.
 */
final class ContainerFixture implements AutoCloseable {

	/** Not the minute of production: tests wait until it works again. */
	static final Duration REFUSED_DELAY = Duration.ofMillis(500);

	private final BackgroundThreads threads;

	private final StreamConnections connections;

	final StreamListenerContainerRegistry registry;

	final List<MessageEvent> messages = new CopyOnWriteArrayList<>();

	final List<UnreadLoss> unreadLosses = new CopyOnWriteArrayList<>();

	final List<GroupLoss> groupLosses = new CopyOnWriteArrayList<>();

	final List<ContainerEvent> containers = new CopyOnWriteArrayList<>();

	ContainerFixture(TestRedis redis) {
		this(redis, (event) -> {
		});
	}

	ContainerFixture(TestRedis redis, Consumer<ContainerEvent> listener) {
		this(redis, listener, StreamObserver.NONE);
	}

	/**
	 * Start a node.
	 * @param listener is told of its containers, after this
	 * @param observer is told of its messages, after this
	 */
	ContainerFixture(TestRedis redis, Consumer<ContainerEvent> listener, StreamObserver observer) {
		this(redis, listener, observer, BackgroundThreads.platform());
	}

	ContainerFixture(TestRedis redis, Consumer<ContainerEvent> listener, StreamObserver observer,
			BackgroundThreads threads) {
		this.threads = threads;
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
		DeliveryRuntime delivery = DeliveryRuntime
			.of(this.connections, this.threads, StreamObserver.composite(List.of(new Recorder(), observer)))
			.withRefusedDelay(REFUSED_DELAY);
		ListenerRuntime runtime = new ListenerRuntime(delivery, this.connections.names(),
				((Consumer<ContainerEvent>) this.containers::add).andThen(listener));
		this.registry = new DefaultStreamListenerContainerRegistry(runtime,
				new ConnectionSource.Lease(this.connections, () -> {
				}));
		this.registry.start();
	}

	StreamListenerContainer start(Subscription subscription) {
		return this.registry.register(subscription, "test");
	}

	List<Outcome> outcomes() {
		List<Outcome> outcomes = new ArrayList<>();
		for (MessageEvent event : this.messages) {
			Outcome outcome = event.outcome();
			if (outcome != null) {
				outcomes.add(outcome);
			}
		}
		return outcomes;
	}

	List<Kind> kinds() {
		return this.messages.stream().map(MessageEvent::kind).toList();
	}

	/**
	 * Go away without a word, as a process does that is killed.
	 */
	void vanish() {
		this.connections.close();
	}

	@Override
	public void close() {
		this.registry.stop();
		this.connections.close();
		this.threads.close();
	}

	private final class Recorder implements StreamObserver {

		@Override
		public void onEvent(MessageEvent event) {
			if (event.kind() != Kind.STARTED) {
				ContainerFixture.this.messages.add(event);
			}
		}

		@Override
		public void onUnreadLoss(UnreadLoss loss) {
			ContainerFixture.this.unreadLosses.add(loss);
		}

		@Override
		public void onGroupLoss(GroupLoss loss) {
			ContainerFixture.this.groupLosses.add(loss);
		}

	}

}
