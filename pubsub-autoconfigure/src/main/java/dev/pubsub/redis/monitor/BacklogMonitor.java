package dev.pubsub.redis.monitor;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.redis.BacklogQuery;
import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.Outages;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamBacklog;
import dev.pubsub.redis.listener.Subscription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;
import org.springframework.util.Assert;

/**
 * Asks Redis at an interval how much of the subscribed streams waits: one command per
 * stream with its dead letters, those for one server in one write, without a thread that
 * waits. Listeners of the application are not involved. Thread-safe.
 *
 * @since 0.1.0
 */
public final class BacklogMonitor implements SmartLifecycle, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(BacklogMonitor.class);

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	/**
	 * How many times as long as a round a pause takes at least: Redis stands still while
	 * it has the first and the last entry of a stream in hand, and they may be large.
	 */
	private static final int REST = 200;

	/**
	 * How many intervals a pause takes at most: a round may also take long as this
	 * process or the network is busy.
	 */
	private static final int MOST_INTERVALS = 4;

	private final ConnectionSource.Lease source;

	private final Supplier<? extends Collection<Subscription>> subscriptions;

	private final Duration interval;

	private final Clock clock = Clock.systemUTC();

	private final RedisLink link;

	private final BacklogQuery query;

	private final Outages outages = new Outages(this.clock, System::nanoTime, Outages.REFUSED_DELAY);

	private final OutageLog asking = this.outages.log(logger, "Asking how much of the streams waits");

	private final Map<String, Backlog> backlogs = new ConcurrentHashMap<>();

	/** Those of the last round, which alone changes them. */
	private volatile WatchedStreams watched = WatchedStreams.NONE;

	private volatile @Nullable Loop loop;

	private BacklogMonitor(ConnectionSource.Lease source, Supplier<? extends Collection<Subscription>> subscriptions,
			Duration interval) {
		Assert.isTrue(interval.compareTo(Duration.ofMillis(100)) >= 0,
				() -> "'interval' must be 100 ms or more, was " + interval);
		this.source = source;
		this.subscriptions = subscriptions;
		this.interval = interval;
		this.link = source.connections().open("monitor", TIMEOUT);
		this.query = new BacklogQuery(this.link, TIMEOUT);
	}

	/**
	 * Return a monitor that does not run yet.
	 * @param connections the connections, which the monitor does not close
	 * @param subscriptions returns the subscriptions to watch, asked before each round
	 * @param interval time between two rounds, 100 ms or more
	 * @return the monitor; the caller starts and closes it
	 */
	public static BacklogMonitor create(SharedConnections connections,
			Supplier<? extends Collection<Subscription>> subscriptions, Duration interval) {
		return new BacklogMonitor(ConnectionSource.of(connections).open(), subscriptions, interval);
	}

	@Override
	public synchronized void start() {
		if (this.loop == null) {
			Loop started = new Loop("Watching how much waits", Runnable::run, this.source.threads().timer(),
					this::round);
			this.loop = started;
			started.wakeAfter(Duration.ofMillis(1));
		}
	}

	@Override
	public synchronized void stop() {
		Loop running = this.loop;
		if (running != null) {
			running.stop();
			this.loop = null;
			this.backlogs.clear();
		}
	}

	@Override
	public boolean isRunning() {
		return this.loop != null;
	}

	/**
	 * Return what Redis said last about a subscription.
	 * @param subscription id of the subscription
	 * @return the backlog; nothing before the first answer, while Redis does not answer
	 * or the monitor does not run, and when there is no such subscription
	 */
	public Optional<Backlog> getBacklog(String subscription) {
		return Optional.ofNullable(this.backlogs.get(subscription));
	}

	/**
	 * Return what fails at the moment.
	 * @return the outage, none while Redis answers
	 */
	public List<Outage> getOutages() {
		return this.outages.present();
	}

	private void round() {
		long start = System.nanoTime();
		WatchedStreams before = this.watched;
		WatchedStreams streams = before.with(this.subscriptions.get());
		if (streams != before) {
			this.watched = streams;
			this.backlogs.keySet().retainAll(streams.ids());
		}
		Map<String, CompletableFuture<StreamBacklog>> sums = streams.sums(this.query.ask(streams.questions()));
		CompletableFuture<?>[] done = streams.subscriptions()
			.stream()
			.map((subscription) -> Objects.requireNonNull(sums.get(subscription.id()))
				.whenComplete((backlog, failure) -> answered(subscription, backlog, failure)))
			.toArray(CompletableFuture<?>[]::new);
		CompletableFuture.allOf(done)
			.whenComplete((all, failure) -> ended(failure, Duration.ofNanos(System.nanoTime() - start)));
	}

	private void answered(Subscription subscription, @Nullable StreamBacklog stream, @Nullable Throwable failure) {
		if (failure != null || stream == null) {
			// Old numbers would look like new ones.
			this.backlogs.remove(subscription.id());
		}
		else if (this.loop != null) {
			this.backlogs.put(subscription.id(),
					new Backlog(subscription, stream, stream.groups().get(0), this.clock.instant()));
		}
	}

	private void ended(@Nullable Throwable failure, Duration duration) {
		Duration pause = (failure == null) ? pauseAfter(duration) : this.interval;
		if (failure == null) {
			this.asking.succeeded();
		}
		else {
			pause = this.asking.failed(failure, "its numbers are unknown meanwhile", pause);
		}
		Loop running = this.loop;
		if (running != null) {
			running.wakeAfter(pause);
		}
	}

	private Duration pauseAfter(Duration round) {
		Duration rest = round.multipliedBy(REST);
		Duration most = this.interval.multipliedBy(MOST_INTERVALS);
		Duration shorter = (rest.compareTo(most) < 0) ? rest : most;
		return (shorter.compareTo(this.interval) > 0) ? shorter : this.interval;
	}

	@Override
	public void close() {
		stop();
		this.link.close();
		this.source.close();
	}

}
