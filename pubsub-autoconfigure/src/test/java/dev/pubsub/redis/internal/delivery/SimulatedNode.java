package dev.pubsub.redis.internal.delivery;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.Fence;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.OwnerLease;
import dev.pubsub.redis.internal.redis.OwnerTakeover;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.listener.ContainerState;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.listener.TestContainers;
import dev.pubsub.redis.observe.StreamObserver;
import dev.pubsub.redis.test.virtual.TimeRedirects;
import dev.pubsub.redis.test.virtual.VirtualExecutor;
import dev.pubsub.redis.test.virtual.VirtualProcess;
import dev.pubsub.redis.test.virtual.VirtualTime;
import dev.pubsub.redis.test.virtual.VirtualTimer;
import org.jspecify.annotations.Nullable;

/**
 * One process of a simulation, with a container of the real engine in it.
 */
final class SimulatedNode {

	private final VirtualTime time;

	private final SimulatedServer server;

	private final VirtualProcess process;

	private final List<SimulatedLink> links = new ArrayList<>();

	private final VirtualExecutor threads;

	private final StreamListenerContainer container;

	private long lastTrouble = Long.MIN_VALUE / 2;

	private long lastFreeze = Long.MIN_VALUE / 2;

	SimulatedNode(VirtualTime time, SimulatedServer server, String name, Subscription subscription,
			StreamObserver observer, FakeGroupClient.Factory clients) {
		this.time = time;
		this.server = server;
		this.process = time.process(name);
		SimulatedLink control = link("control", DeliveryRuntime.CONTROL_TIMEOUT);
		SimulatedLink recovery = link("recovery", DeliveryRuntime.RECOVERY_TIMEOUT);
		this.threads = new VirtualExecutor(time, this.process);
		BackgroundThreads threads = BackgroundThreads.of(new VirtualTimer(time, this.process), this.threads);
		this.container = TestContainers.create(subscription,
				new DeliveryRuntime(new Clients(clients), control, control, recovery, new HeapShare(), threads,
						observer, Clock.systemUTC(), Duration.ofSeconds(3), TimeRedirects::nanoTime));
	}

	private SimulatedLink link(String name, Duration timeout) {
		SimulatedLink link = new SimulatedLink(this.time, this.process, this.server, name, timeout);
		this.links.add(link);
		return link;
	}

	VirtualProcess process() {
		return this.process;
	}

	void start() {
		this.time.in(this.process, this.container::start);
	}

	void stop() {
		this.time.in(this.process, () -> this.container.stop(() -> {
		}));
	}

	void pause() {
		this.time.in(this.process, this.container::pause);
	}

	void resume() {
		this.time.in(this.process, this.container::resume);
	}

	void freeze(long nanos) {
		this.lastFreeze = this.time.now() + nanos;
		this.process.freeze(nanos);
	}

	/**
	 * Something is done to it alone, for a while.
	 */
	void troubled(long nanos) {
		this.lastTrouble = Math.max(this.lastTrouble, this.time.now() + nanos);
	}

	/**
	 * Return when something was last done to it alone.
	 */
	long lastTrouble() {
		return this.lastTrouble;
	}

	/**
	 * Return whether it just stood still.
	 */
	boolean froze() {
		return Math.abs(this.time.now() - this.lastFreeze) < Duration.ofMillis(50).toNanos();
	}

	void heal() {
		this.lastTrouble = Math.min(this.lastTrouble, this.time.now());
		this.lastFreeze = Math.min(this.lastFreeze, this.time.now());
		this.process.thaw();
		this.process.findThreads();
		this.links.forEach(SimulatedLink::heal);
	}

	void kill() {
		this.process.kill(() -> this.time.in(this.process, () -> {
			this.links.forEach(SimulatedLink::close);
			this.container.stop(() -> {
			});
		}));
	}

	/**
	 * Have a thread of the process do something later, on the timer if there is none.
	 */
	void after(long nanos, Runnable task) {
		this.time.after(nanos, this.process, () -> {
			try {
				this.threads.execute(task);
			}
			catch (OutOfMemoryError ex) {
				task.run();
			}
		});
	}

	SimulatedLink link(int number) {
		return this.links.get(number % this.links.size());
	}

	boolean isStopped() {
		return this.container.getState() == ContainerState.STOPPED;
	}

	boolean isStopping() {
		return this.container.getState() == ContainerState.STOPPING;
	}

	boolean isReading() {
		return this.container.getState() == ContainerState.RUNNING && !this.process.isDead();
	}

	/**
	 * Return since when it, and each of its connections, is as it should be.
	 */
	long wellSince() {
		long lastOwn = Math.max(this.lastFreeze, Math.min(this.time.now(), this.process.noThreadsUntil()));
		return this.links.stream().mapToLong(SimulatedLink::lastFault).reduce(lastOwn, Math::max);
	}

	@Override
	public String toString() {
		return this.process.toString();
	}

	private final class Clients implements GroupClients {

		private final FakeGroupClient.Factory clients;

		Clients(FakeGroupClient.Factory clients) {
			this.clients = clients;
		}

		@Override
		public RedisLink openReader(String name, Duration timeout, Duration wait) {
			return link("reader", timeout);
		}

		@Override
		public GroupClient over(RedisLink link, StreamGroup group, String consumer) {
			return client(link, consumer);
		}

		private FakeGroupClient client(RedisLink link, String consumer) {
			return this.clients.of(SimulatedNode.this.server.group, consumer, (SimulatedLink) link);
		}

		@Override
		public GroupClient over(RedisLink link, StreamGroup group, String consumer, Fence fence) {
			return client(link, consumer).behind(fence);
		}

		@Override
		public OwnerTakeover takeover(RedisLink link, StreamGroup group, String owner, Fence fence) {
			return client(link, owner).behind(fence)::takeOver;
		}

		@Override
		public OwnerLease lease(RedisLink link, StreamGroup group, Duration duration) {
			return new FakeOwnerLease(SimulatedNode.this.server.group, (SimulatedLink) link, duration);
		}

	}

}
