package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the messages of sessions. Thread-safe.
 */
final class SessionPublisher {

	private static final Logger logger = LoggerFactory.getLogger(SessionPublisher.class);

	private final ProducerLinks links;

	private final FeatureDetection detection;

	private final ProducerOptions options;

	private final ObservedSends sends;

	private final Routing routing;

	private final Map<Object, CompletableFuture<Void>> running = Collections.synchronizedMap(new IdentityHashMap<>());

	SessionPublisher(ProducerLinks links, FeatureDetection detection, ProducerOptions options, ObservedSends sends,
			Routing routing) {
		this.links = links;
		this.detection = detection;
		this.options = options;
		this.sends = sends;
		this.routing = routing;
	}

	/**
	 * Send entries, and wait for connections and for all replies. Each server gets its
	 * part, whatever becomes of the others. A connection that turns out to be gone before
	 * anything was sent is waited for again, and so is a server that executed nothing.
	 */
	List<PublishResult> publish(List<OutgoingEntry> entries) {
		this.routing.route(entries);
		if (haveNoPartitions(entries)) {
			return this.sends.sendAll(entries, () -> send(entries));
		}
		this.routing.enterNow(entries);
		try {
			return this.sends.sendAll(entries, () -> sendRouted(entries));
		}
		finally {
			entries.forEach(OutgoingEntry::leave);
		}
	}

	private static boolean haveNoPartitions(List<OutgoingEntry> entries) {
		return entries.stream().allMatch((entry) -> entry.route() == null && entry.refusal() == null);
	}

	/**
	 * Send what has a partition, or needs none, and again what a partition has not taken.
	 * A partition takes the first messages, up to one: they keep their order.
	 */
	private List<PublishResult> sendRouted(List<OutgoingEntry> entries) {
		Deadline deadline = Deadline.after(this.options.timeout());
		RoutedResults results = new RoutedResults(entries);
		List<OutgoingEntry> routed = results.routed();
		while (!routed.isEmpty()) {
			results.add(routed, send(routed));
			List<OutgoingEntry> moved = deadline.isOver() ? List.of() : results.moved();
			this.routing.route(moved);
			routed = results.routed(moved);
		}
		return results.all();
	}

	private List<PublishResult> send(List<OutgoingEntry> entries) {
		RedisLink link = linkFor(entries);
		if (!link.mayWait()) {
			return entries.stream().map((entry) -> PublishResult.refused(entry.stream())).toList();
		}
		Deadline deadline = Deadline.after(this.options.timeout());
		@Nullable PublishResult[] results = new PublishResult[entries.size()];
		int[] open = IntStream.range(0, entries.size()).toArray();
		Pause pause = new Pause(deadline);
		do {
			open = attempt(link, entries, open, results);
		}
		while (open.length > 0 && passes(pause, open, results) && awaitAny(link, entries, open, results, deadline));
		return Arrays.stream(results).map((result) -> result.because(link.linkTo(result.stream()))).toList();
	}

	/**
	 * Wait before another attempt, unless it can follow at once.
	 */
	private static boolean passes(Pause pause, int[] open, @Nullable PublishResult[] results) {
		boolean refused = Arrays.stream(open)
			.mapToObj((index) -> results[index])
			.anyMatch((result) -> result.isForLater() && !result.isRedirection());
		if (refused || !pause.allowsHop()) {
			return pause.pass();
		}
		pause.hop();
		return true;
	}

	/**
	 * Wait until one of the servers can be reached that have no messages yet: one that is
	 * away must not cost those of another.
	 */
	private static boolean awaitAny(RedisLink link, List<OutgoingEntry> entries, int[] open,
			@Nullable PublishResult[] results, Deadline deadline) {
		List<RedisLink> servers = ServerPart.divide(link, entries, open, results)
			.stream()
			.map((part) -> link.following(part.entries().get(0).stream()))
			.toList();
		if (servers.size() == 1) {
			return deadline.awaitConnection(servers.get(0));
		}
		List<CompletableFuture<Void>> waiters = servers.stream().map(RedisLink::whenConnected).toList();
		try {
			CompletableFuture.anyOf(waiters.toArray(CompletableFuture[]::new))
				.get(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
			return !deadline.isOver();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (ExecutionException | TimeoutException | CancellationException ex) {
			return false;
		}
		finally {
			waiters.forEach((waiter) -> waiter.cancel(false));
		}
	}

	/**
	 * All messages of a session that are for one server go over one connection: they keep
	 * their order.
	 */
	private RedisLink linkFor(List<OutgoingEntry> entries) {
		return entries.stream().anyMatch(OutgoingEntry::isDurable) ? this.links.durable() : this.links.sessions();
	}

	/**
	 * Send some of the entries.
	 * @return those of servers to which nothing could be sent, or which executed nothing
	 */
	private int[] attempt(RedisLink link, List<OutgoingEntry> entries, int[] open, @Nullable PublishResult[] results) {
		List<ServerPart> parts = ServerPart.divide(link, entries, open, results);
		List<ChunkedSend> sends = parts.stream().map(this::send).toList();
		List<CompletableFuture<Void>> sent = sends.stream().map((send) -> track(send, send.start())).toList();
		IntStream again = IntStream.empty();
		for (int i = 0; i < parts.size(); i++) {
			List<PublishResult> part = await(sent.get(i), sends.get(i));
			parts.get(i).spread(part, results);
			again = IntStream.concat(again, Arrays.stream(parts.get(i).again(part)));
		}
		return again.sorted().toArray();
	}

	private ChunkedSend send(ServerPart part) {
		return new ChunkedSend(part.link(), this.detection, this.options.chunkSize(), part.entries());
	}

	private List<PublishResult> await(CompletableFuture<Void> sent, ChunkedSend send) {
		try {
			await(sent, send, this.options.timeout());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			send.abort(ex);
		}
		catch (ExecutionException ex) {
			send.abort(ex);
		}
		return send.results();
	}

	/**
	 * Wait for as long as replies come in.
	 */
	private static void await(CompletableFuture<Void> done, ChunkedSend send, Duration timeout)
			throws InterruptedException, ExecutionException {
		int answered = -1;
		while (answered < send.answered()) {
			answered = send.answered();
			try {
				done.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
				return;
			}
			catch (TimeoutException ex) {
				// Look whether there was progress.
			}
		}
		send.abort(new TimeoutException("No reply for " + timeout));
	}

	/**
	 * Send entries, and wait for connections, but not on this thread.
	 */
	CompletableFuture<List<PublishResult>> publishAsync(List<OutgoingEntry> entries) {
		return this.routing.routeAsync(entries).thenCompose((routed) -> {
			if (haveNoPartitions(entries)) {
				return this.sends.sendAllAsync(entries, () -> sendAsync(entries));
			}
			return this.routing.enter(entries)
				.thenCompose((entered) -> this.sends.sendAllAsync(entries, () -> sendRoutedAsync(entries)))
				.whenComplete((results, failure) -> entries.forEach(OutgoingEntry::leave));
		});
	}

	private CompletableFuture<List<PublishResult>> sendRoutedAsync(List<OutgoingEntry> entries) {
		RoutedResults results = new RoutedResults(entries);
		Deadline deadline = Deadline.after(this.options.timeout());
		return sendRoutedAsync(results, results.routed(), deadline).thenApply((sent) -> results.all());
	}

	private CompletableFuture<Void> sendRoutedAsync(RoutedResults results, List<OutgoingEntry> routed,
			Deadline deadline) {
		if (routed.isEmpty()) {
			return CompletableFuture.completedFuture(null);
		}
		return sendAsync(routed).thenCompose((sent) -> {
			results.add(routed, sent);
			List<OutgoingEntry> moved = deadline.isOver() ? List.of() : results.moved();
			return this.routing.routeAsync(moved)
				.thenCompose((again) -> sendRoutedAsync(results, results.routed(moved), deadline));
		});
	}

	private CompletableFuture<List<PublishResult>> sendAsync(List<OutgoingEntry> entries) {
		@Nullable PublishResult[] results = new PublishResult[entries.size()];
		int[] all = IntStream.range(0, entries.size()).toArray();
		Pause pause = new Pause(Deadline.after(this.options.timeout()));
		return sendAsync(linkFor(entries), entries, all, results, pause).thenApply((done) -> List.of(results));
	}

	private CompletableFuture<Void> sendAsync(RedisLink link, List<OutgoingEntry> entries, int[] indexes,
			@Nullable PublishResult[] results, Pause pause) {
		return CompletableFuture.allOf(ServerPart.divide(link, entries, indexes, results).stream().map((part) -> {
			RedisLink following = link.following(part.entries().get(0).stream());
			if (!part.link().isConnected() && !following.isConnected() && !pause.isOver() && !link.isClosed()) {
				// By then it may be another server.
				CompletableFuture<Void> sent = pause.bound(following.whenConnected())
					.handle((connected, failure) -> sendAsync(link, entries, part.indexes(), results, pause.next()))
					.thenCompose((done) -> done);
				return track(part, sent);
			}
			ChunkedSend send = send(part);
			CompletableFuture<Void> sent = send.start().thenCompose((done) -> {
				List<PublishResult> outcome = send.results();
				part.spread(outcome, results);
				return sendAgain(link, entries, part.again(outcome), results, pause);
			});
			return track(send, sent);
		}).toArray(CompletableFuture[]::new));
	}

	private CompletableFuture<Void> sendAgain(RedisLink link, List<OutgoingEntry> entries, int[] again,
			@Nullable PublishResult[] results, Pause pause) {
		if (again.length == 0 || link.isClosed()) {
			return CompletableFuture.completedFuture(null);
		}
		boolean atOnce = pause.allowsHop()
				&& Arrays.stream(again).mapToObj((index) -> results[index]).allMatch(PublishResult::isRedirection);
		return atOnce ? sendAsync(link, entries, again, results, pause.next()) : pause
			.then(this.links.connections().threads(), (next) -> sendAsync(link, entries, again, results, next));
	}

	/**
	 * Wait until nothing is being sent.
	 */
	void awaitCompletion(Duration atMost) throws InterruptedException {
		try {
			CompletableFuture.allOf(this.running.values().toArray(CompletableFuture[]::new))
				.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("Closing while sessions are being sent", ex);
		}
	}

	private CompletableFuture<Void> track(Object send, CompletableFuture<Void> sent) {
		if (!sent.isDone()) {
			this.running.put(send, sent);
			sent.whenComplete((done, failure) -> this.running.remove(send));
		}
		return sent;
	}

}
