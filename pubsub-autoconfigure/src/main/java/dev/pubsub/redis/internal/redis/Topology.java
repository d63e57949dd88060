package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.redis.Routes.Owner;
import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which server serves which slot, as far as it is known: it asks the servers again
 * whenever something is wrong, and for a while after. What one server answers counts at
 * once, so that a silent one holds up nothing. Thread-safe: {@code lock} guards changes
 * of the routes.
 */
final class Topology implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Topology.class);

	private static final Duration ROUND = Duration.ofSeconds(1);

	private static final Duration TROUBLE = Duration.ofSeconds(3);

	private final @Nullable Discovery discovery;

	private final @Nullable Loop loop;

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final Set<RedisURI> silent = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	private final AtomicInteger told = new AtomicInteger();

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
	void moved(int slot, ServerNode node) {
		if (!isSharded()) {
			return;
		}
		this.told.incrementAndGet();
		change((before) -> (before != null) ? before.moved(slot, node) : null);
		refresh();
	}

	/**
	 * A Sentinel said that another server is the master.
	 */
	void switched(ServerNode master) {
		this.told.incrementAndGet();
		change((before) -> {
			if (before == null || before.only() == master) {
				return before;
			}
			return before.merge(new Owner[] { new Owner(master, before.owner(0).epoch() + 1) });
		});
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
		Round round = new Round();
		List<RedisURI> wanted = used.sources(this.routes);
		List<RedisURI> sources = wanted.stream().filter(this.silent::add).toList();
		CompletableFuture<?>[] answers = sources.stream()
			.map((source) -> ask(used, source, round))
			.toArray(CompletableFuture[]::new);
		try {
			CompletableFuture.allOf(answers).get(ROUND.toMillis(), TimeUnit.MILLISECONDS);
			if (sources.size() == wanted.size()) {
				round.adopt();
			}
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("Not all servers told what they know", ex);
		}
		if (this.routes == null || this.troubleUntil - System.nanoTime() > 0) {
			again();
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

	private CompletableFuture<?> ask(Discovery used, RedisURI source, Round round) {
		CompletableFuture<@Nullable Owner[]> answer;
		try {
			answer = used.ask(source);
		}
		catch (RuntimeException ex) {
			answer = CompletableFuture.failedFuture(ex);
		}
		return answer.whenComplete((view, failure) -> {
			this.silent.remove(source);
			if (failure != null) {
				this.lastFailure = RedisFault.unwrap(failure);
			}
			else {
				round.add(view);
			}
		});
	}

	private void change(UnaryOperator<@Nullable Routes> change) {
		CompletableFuture<Void> changed;
		this.lock.lock();
		try {
			Routes after = change.apply(this.routes);
			if (after == this.routes) {
				return;
			}
			this.routes = after;
			changed = this.nextChange;
			this.nextChange = new CompletableFuture<>();
		}
		finally {
			this.lock.unlock();
		}
		logger.debug("Servers are now {}", (this.routes != null) ? this.routes.nodes() : List.of());
		this.listeners.forEach(Runnable::run);
		changed.complete(null);
	}

	/**
	 * What the servers say in one round. Where all answer, the latest of what they say
	 * counts even if it is earlier than what was known, as after a cluster was made anew;
	 * unless a server told of a change since the round began.
	 */
	private final class Round {

		private final int toldBefore = Topology.this.told.get();

		private @Nullable Routes heard;

		synchronized void add(@Nullable Owner[] view) {
			this.heard = (this.heard != null) ? this.heard.merge(view) : Routes.of(view);
			change((before) -> (before != null) ? before.merge(view) : Routes.of(view));
		}

		synchronized void adopt() {
			Routes all = this.heard;
			if (all != null && Topology.this.told.get() == this.toldBefore) {
				change((before) -> (before != null) ? before.adopt(all) : all);
			}
		}

	}

}
