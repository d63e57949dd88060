package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.RedisLink;
import io.netty.util.concurrent.FastThreadLocalThread;
import org.jspecify.annotations.Nullable;

/**
 * Publishes without waiting for replies, to each server in a lane of its own: a silent
 * one holds up no other. Thread-safe: {@code lock} guards the messages that wait for the
 * servers to be found.
 */
final class AsyncPublisher {

	private final RedisLink link;

	private final FeatureDetection detection;

	private final int maxInFlight;

	private final Duration timeout;

	private final BackgroundThreads threads;

	private final Map<RedisLink, AsyncLane> lanes = new ConcurrentHashMap<>();

	private final ReentrantLock lock = new ReentrantLock();

	private final Queue<Early> early = new ArrayDeque<>();

	private final CountDownLatch anyFound = new CountDownLatch(1);

	private volatile @Nullable AsyncLane usual;

	private volatile boolean found;

	private boolean looking;

	AsyncPublisher(RedisLink link, FeatureDetection detection, int maxInFlight, Duration timeout,
			BackgroundThreads threads) {
		this.threads = threads;
		this.link = link;
		this.detection = detection;
		this.maxInFlight = maxInFlight;
		this.timeout = timeout;
	}

	CompletableFuture<PublishResult> publish(OutgoingEntry entry) {
		RedisLink server = this.link.linkTo(entry.stream());
		if (!this.found && (server.equals(this.link) || isLooking())) {
			CompletableFuture<PublishResult> result = publishWhenFound(entry);
			if (result != null) {
				return result;
			}
			server = this.link.linkTo(entry.stream());
		}
		return lane(server).publish(entry);
	}

	/**
	 * Return whether a server is the one for a message now.
	 */
	boolean isServedBy(RedisLink server, OutgoingEntry entry) {
		return this.link.linkTo(entry.stream()).equals(server);
	}

	/**
	 * Let the server have a message that serves its stream now. Never waits.
	 */
	void handOn(LaneMessage message) {
		lane(this.link.linkTo(message.entry().stream())).takeOver(message);
	}

	/**
	 * Run something quick later.
	 */
	void after(Duration delay, Runnable task) {
		this.threads.after(delay, task);
	}

	boolean isClosed() {
		return this.link.isClosed();
	}

	/**
	 * Wait until nothing is in flight.
	 */
	void awaitCompletion() throws InterruptedException {
		long end = System.nanoTime() + this.timeout.toNanos();
		if (!this.found && isLooking()) {
			this.anyFound.await(this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		for (AsyncLane lane : this.lanes.values()) {
			lane.awaitCompletion(Duration.ofNanos(end - System.nanoTime()));
		}
	}

	private AsyncLane lane(RedisLink server) {
		AsyncLane lane = this.usual;
		if (lane != null && lane.link().equals(server)) {
			return lane;
		}
		AsyncLane right = this.lanes.get(server);
		if (right == null) {
			this.lanes.values().removeIf((former) -> former.link().isClosed() && former.isIdle());
			right = this.lanes.computeIfAbsent(server,
					(link) -> new AsyncLane(this, link, this.detection, this.maxInFlight, this.timeout));
		}
		if (lane == null || lane.link().isClosed()) {
			this.usual = right;
		}
		return right;
	}

	private boolean isLooking() {
		this.lock.lock();
		try {
			if (!this.looking) {
				// Known before the first message.
				this.found = true;
			}
			return this.looking;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Keep a message until it is known which server is for its stream, so that messages
	 * keep their order.
	 * @return the result; {@code null} when it is known now
	 */
	private @Nullable CompletableFuture<PublishResult> publishWhenFound(OutgoingEntry entry) {
		CompletableFuture<PublishResult> result = new CompletableFuture<>();
		boolean begin;
		boolean full = true;
		this.lock.lock();
		try {
			if (this.found) {
				return null;
			}
			if (this.early.size() < this.maxInFlight) {
				this.early.add(new Early(entry, result));
				full = false;
			}
			begin = !this.looking;
			this.looking = true;
		}
		finally {
			this.lock.unlock();
		}
		if (full) {
			return awaitServers(entry);
		}
		if (begin) {
			this.link.whenConnected()
				.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS)
				.whenComplete((connected, failure) -> serversFound(failure == null));
		}
		return result;
	}

	private @Nullable CompletableFuture<PublishResult> awaitServers(OutgoingEntry entry) {
		Throwable reason = new IllegalStateException(
				this.maxInFlight + " messages wait already for the first connection to Redis");
		try {
			// An event loop that waits may be the one that has to connect.
			if (!(Thread.currentThread() instanceof FastThreadLocalThread)
					&& this.anyFound.await(this.timeout.toNanos(), TimeUnit.NANOSECONDS)) {
				return null;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			reason = ex;
		}
		return CompletableFuture.completedFuture(PublishResult.rejected(entry.stream(), reason));
	}

	/**
	 * Send what has waited, in order, unless it has waited in vain. Who waits for a
	 * result is told without the lock.
	 */
	private void serversFound(boolean connected) {
		List<Runnable> told = new ArrayList<>();
		this.lock.lock();
		try {
			Early next = this.early.poll();
			while (next != null) {
				CompletableFuture<PublishResult> result = next.result();
				OutgoingEntry entry = next.entry();
				CompletableFuture<PublishResult> sent = connected
						? lane(this.link.linkTo(entry.stream())).publish(entry) : CompletableFuture
							.completedFuture(PublishResult.rejected(entry.stream(), this.link.notConnected()));
				told.add(() -> sent.thenAccept(result::complete));
				next = this.early.poll();
			}
			this.found = true;
		}
		finally {
			this.lock.unlock();
		}
		this.anyFound.countDown();
		told.forEach(Runnable::run);
	}

	/**
	 * A message from before the servers are known.
	 *
	 * @param entry the message
	 * @param result completes with what became of it
	 */
	private record Early(OutgoingEntry entry, CompletableFuture<PublishResult> result) {

	}

}
