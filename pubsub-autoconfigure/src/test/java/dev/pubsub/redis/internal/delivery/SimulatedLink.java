package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.FakeFailures;
import dev.pubsub.redis.internal.redis.NotConnectedException;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.RedisRequest;
import dev.pubsub.redis.test.virtual.TimeRedirects;
import dev.pubsub.redis.test.virtual.VirtualProcess;
import dev.pubsub.redis.test.virtual.VirtualTime;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a node to the server of a simulation: it takes time, keeps the order,
 * and loses what is under way when it breaks, as a link over a network does.
 */
final class SimulatedLink implements RedisLink, FakeGroupClient.Wire {

	private static final int LATENCY = 800_000;

	private static final int RECONNECT = 400_000_000;

	private final VirtualTime time;

	private final VirtualProcess process;

	private final SimulatedServer server;

	private final String name;

	private final long timeout;

	private final Set<CompletableFuture<?>> outstanding = new LinkedHashSet<>();

	private final List<FakeGroup.Waiting> waiting = new ArrayList<>();

	private final List<Runnable> onConnect = new ArrayList<>();

	private boolean connected = true;

	private boolean closed;

	private boolean losesReply;

	private long connection;

	private long swallowsUntil;

	private long lastArrival;

	private long lastReply;

	private long lastFault = Long.MIN_VALUE / 2;

	SimulatedLink(VirtualTime time, VirtualProcess process, SimulatedServer server, String name, Duration timeout) {
		this.time = time;
		this.process = process;
		this.server = server;
		this.name = name;
		this.timeout = timeout.toNanos();
	}

	@Override
	public <T extends @Nullable Object> CompletableFuture<T> send(String command,
			Supplier<CompletableFuture<T>> execution) {
		TimeRedirects.point();
		CompletableFuture<T> reply = new CompletableFuture<>();
		if (this.process.isDead()) {
			return reply;
		}
		if (!this.connected) {
			reply.completeExceptionally(FakeFailures.notConnected());
			return reply;
		}
		this.outstanding.add(reply);
		long present = this.connection;
		VirtualTime.Item watch = this.time.after(this.timeout, this.process, () -> {
			if (present == this.connection) {
				cut();
			}
		});
		reply.whenComplete((result, failure) -> watch.cancel());
		CompletableFuture<T> atServer = new CompletableFuture<>();
		atServer.whenComplete((result, failure) -> reply(present, reply, result, failure));
		this.lastArrival = Math.max(this.lastArrival + 1, this.time.now() + latency());
		this.time.after(this.lastArrival - this.time.now(), null, () -> {
			if (!isSwallowing() && (present == this.connection || this.time.random().nextBoolean())) {
				this.server.execute(command, execution, atServer);
			}
		});
		return reply;
	}

	private long latency() {
		return 20_000 + this.time.random().nextInt(LATENCY);
	}

	@Override
	public void waits(FakeGroup group, FakeGroup.Waiting command, Duration atMost) {
		this.waiting.add(command);
		command.reply().whenComplete((result, failure) -> this.waiting.remove(command));
		this.time.after(atMost.toNanos() + 1_000_000, null, group::endWaits);
	}

	private <T extends @Nullable Object> void reply(long present, CompletableFuture<T> reply, T result,
			@Nullable Throwable failure) {
		if (isSwallowing() || present != this.connection) {
			return;
		}
		if (this.losesReply) {
			this.losesReply = false;
			cut();
			return;
		}
		this.lastReply = Math.max(this.lastReply + 1, this.time.now() + latency());
		this.time.after(this.lastReply - this.time.now(), this.process, () -> {
			if (present == this.connection && this.outstanding.remove(reply)) {
				if (failure != null) {
					reply.completeExceptionally(failure);
				}
				else {
					reply.complete(result);
				}
			}
		});
	}

	private boolean isSwallowing() {
		return this.swallowsUntil > this.time.now();
	}

	/**
	 * Lose the connection, and make a new one after a while.
	 */
	void cut() {
		if (!this.connected) {
			return;
		}
		fault();
		disconnect();
		reconnect();
	}

	private void disconnect() {
		this.connected = false;
		this.connection++;
		List<CompletableFuture<?>> lost = new ArrayList<>(this.outstanding);
		this.outstanding.clear();
		lost.forEach(
				(reply) -> this.time.after(0, this.process, () -> reply.completeExceptionally(FakeFailures.noReply())));
		if (!isSwallowing()) {
			List<FakeGroup.Waiting> reads = new ArrayList<>(this.waiting);
			this.time.after(latency(), null, () -> reads.forEach(this.server.group::forget));
		}
	}

	private void reconnect() {
		this.time.after(30_000_000 + this.time.random().nextInt(RECONNECT), this.process, () -> {
			if (isSwallowing()) {
				reconnect();
			}
			else if (!this.closed && !this.connected) {
				fault();
				this.connected = true;
				List<Runnable> told = new ArrayList<>(this.onConnect);
				this.onConnect.clear();
				told.forEach(Runnable::run);
			}
		});
	}

	void loseReply() {
		this.losesReply = true;
	}

	void swallow(long nanos) {
		fault();
		this.swallowsUntil = this.time.now() + nanos;
	}

	void heal() {
		this.losesReply = false;
		this.swallowsUntil = 0;
	}

	private void fault() {
		this.lastFault = this.time.now();
	}

	/**
	 * Return when it was last not as it should be.
	 */
	long lastFault() {
		return (!this.connected && !this.closed) ? this.time.now()
				: Math.max(this.lastFault, Math.min(this.time.now(), this.swallowsUntil));
	}

	@Override
	public boolean awaitConnection(Duration atMost) throws InterruptedException {
		Thread caller = Thread.currentThread();
		this.onConnect.add(() -> TimeRedirects.unpark(caller));
		return TimeRedirects.await(() -> this.connected || this.closed, atMost.toNanos()) && this.connected;
	}

	@Override
	public CompletableFuture<Void> whenConnected() {
		CompletableFuture<Void> connected = new CompletableFuture<>();
		if (this.closed) {
			connected.completeExceptionally(FakeFailures.notConnected());
		}
		else if (this.connected) {
			connected.complete(null);
		}
		else {
			this.onConnect.add(() -> connected.complete(null));
		}
		return connected;
	}

	@Override
	public void reset() {
		if (!this.closed) {
			cut();
		}
	}

	@Override
	public void close() {
		if (!this.closed) {
			this.closed = true;
			disconnect();
		}
	}

	@Override
	public boolean isConnected() {
		return this.connected;
	}

	@Override
	public boolean isClosed() {
		return this.closed;
	}

	@Override
	public NotConnectedException notConnected() {
		return FakeFailures.notConnected();
	}

	@Override
	public boolean mayWait() {
		return true;
	}

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
		throw new UnsupportedOperationException();
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests) {
		throw new UnsupportedOperationException();
	}

	@Override
	public String toString() {
		return this.name + " of " + this.process;
	}

}
