package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.Loop;
import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which server serves which slot, as far as it is known: it asks the servers again
 * whenever something is wrong, and for a while after. What one server answers counts at
 * once, so that a silent one holds up nothing. Thread-safe: {@code lock} guards what is
 * known.
 */
final class Topology implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Topology.class);

	private static final Duration ROUND = Duration.ofSeconds(1);

	private static final Duration TROUBLE = Duration.ofSeconds(3);

	private final @Nullable Discovery discovery;

	private final @Nullable Loop loop;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final ServerViews views = new ServerViews(System::nanoTime);

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable Routes routes;

	private volatile @Nullable Throwable lastFailure;

	private volatile long troubleUntil = System.nanoTime();

	private volatile long lastRound = System.nanoTime() - ROUND.toNanos();

	private CompletableFuture<Void> nextChange = new CompletableFuture<>();

	private boolean listening;

	/**
	 * Create a topology that never changes.
	 */
	Topology(ServerNode only) {
		this.routes = Routes.to(only);
		this.discovery = null;
		this.loop = null;
	}

	/**
	 * Create a topology that is discovered when it is first needed.
	 */
	Topology(Discovery discovery, BackgroundThreads threads) {
		this.discovery = discovery;
		this.loop = new Loop("Looking for the servers", threads.tasks(), threads.timer(), this::round);
	}

	/**
	 * Return what is known, {@code null} before the first answer.
	 */
	@Nullable Routes routes() {
		return this.routes;
	}

	boolean isSharded() {
		return this.discovery != null && this.discovery.isSharded();
	}

	boolean isFixed() {
		return this.discovery == null;
	}

	/**
	 * Return why servers did not answer: of several reasons that which tells most.
	 */
	@Nullable Throwable lastFailure() {
		return this.lastFailure;
	}

	/**
	 * Be told of every change, on a thread that must not be held up.
	 */
	void addListener(Runnable listener) {
		this.listeners.add(listener);
	}

	void removeListener(Runnable listener) {
		this.listeners.remove(listener);
	}

	/**
	 * Return what completes with the next change.
	 */
	CompletableFuture<Void> nextChange() {
		this.lock.lock();
		try {
			return this.nextChange;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Look again soon: something is wrong, or nothing is known yet. Cheap, and never
	 * waits.
	 */
	void refresh() {
		if (this.loop != null) {
			this.troubleUntil = System.nanoTime() + TROUBLE.toNanos();
			this.loop.wakeAfter(pause());
		}
	}

	/**
	 * A server said that another one serves a slot. It counts in a cluster only: where
	 * all links have one server, each such reply would move them all.
	 */
	void moved(int slot, ServerNode from, ServerNode node) {
		if (isSharded()) {
			learn((known) -> known.hinted(from.uri(), slot, from, node));
			refresh();
		}
	}

	/**
	 * A Sentinel said that another server is the master. It does not say in which epoch,
	 * so it is asked, and counts at once where that is about the present master.
	 */
	void switched(RedisURI sentinel, ServerNode former, ServerNode master) {
		learn((known) -> known.hinted(sentinel, 0, former, master));
		refresh();
	}

	@Override
	public void close() {
		if (this.loop != null) {
			this.loop.stop();
		}
		if (this.discovery != null) {
			this.discovery.close();
		}
	}

	/**
	 * Return how long to wait before the next round: not at all after a while without
	 * one.
	 */
	private Duration pause() {
		long gap = Duration.ofMillis(ThreadLocalRandom.current().nextLong(150, 300)).toNanos();
		return Duration.ofNanos(gap - (System.nanoTime() - this.lastRound));
	}

	private void round() throws InterruptedException {
		Discovery used = this.discovery;
		if (used == null) {
			return;
		}
		listen(used);
		this.lastRound = System.nanoTime();
		CompletableFuture<?>[] answers = next(used).stream()
			.map((source) -> ask(used, source))
			.toArray(CompletableFuture[]::new);
		try {
			CompletableFuture.allOf(answers).get(ROUND.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("Not all servers told what they know", ex);
		}
		if (this.routes == null || this.troubleUntil - System.nanoTime() > 0) {
			again();
		}
	}

	private List<RedisURI> next(Discovery used) {
		this.lock.lock();
		try {
			List<RedisURI> next = this.views.next(used.configured());
			next.forEach(this.views::asked);
			return next;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void again() {
		if (this.loop != null) {
			this.loop.wakeAfter(Duration.ofMillis(ThreadLocalRandom.current().nextLong(150, 400)));
		}
	}

	private void listen(Discovery used) {
		if (!this.listening) {
			this.listening = true;
			used.listen(this);
		}
	}

	private CompletableFuture<?> ask(Discovery used, RedisURI source) {
		CompletableFuture<ServerView> answer;
		try {
			answer = used.ask(source);
		}
		catch (RuntimeException ex) {
			answer = CompletableFuture.failedFuture(ex);
		}
		return answer.whenComplete((view, failure) -> {
			if (failure != null) {
				Throwable cause = Failures.unwrap(failure);
				learn((known) -> {
					known.failed(source, cause);
					this.lastFailure = known.failures()
						.max(Comparator.comparingInt(ConnectFailure::weight))
						.orElse(cause);
				});
			}
			else {
				learn((known) -> known.said(source, view));
			}
		});
	}

	private void learn(Consumer<ServerViews> news) {
		Routes after;
		CompletableFuture<Void> changed;
		this.lock.lock();
		try {
			news.accept(this.views);
			after = this.views.routes();
			if (after == null || after == this.routes) {
				return;
			}
			this.routes = after;
			changed = this.nextChange;
			this.nextChange = new CompletableFuture<>();
		}
		finally {
			this.lock.unlock();
		}
		logger.debug("Servers are now {}", after.nodes());
		this.listeners.forEach(Runnable::run);
		changed.complete(null);
	}

}
