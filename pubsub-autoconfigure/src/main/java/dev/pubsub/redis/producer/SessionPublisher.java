package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.pubsub.redis.internal.redis.RedisLink;
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

	private final Map<ChunkedSend, CompletableFuture<Void>> running = new ConcurrentHashMap<>();

	SessionPublisher(ProducerLinks links, FeatureDetection detection, ProducerOptions options) {
		this.links = links;
		this.detection = detection;
		this.options = options;
	}

	/**
	 * Send entries, and wait for a connection and for all replies. A connection that
	 * turns out to be gone before anything was sent is waited for again.
	 */
	List<PublishResult> publish(List<OutgoingEntry> entries) {
		RedisLink link = linkFor(entries);
		if (!link.mayWait()) {
			return entries.stream().map((entry) -> PublishResult.refused(entry.stream())).toList();
		}
		long start = System.nanoTime();
		List<PublishResult> results = attempt(link, entries);
		while (results.stream().allMatch(PublishResult::isNotSent) && awaitConnection(link, start)) {
			results = attempt(link, entries);
		}
		return results.stream().map((result) -> result.because(link)).toList();
	}

	/**
	 * All messages of a session go over one connection: they keep their order.
	 */
	private RedisLink linkFor(List<OutgoingEntry> entries) {
		return entries.stream().anyMatch(OutgoingEntry::isDurable) ? this.links.durable() : this.links.sessions();
	}

	private boolean awaitConnection(RedisLink link, long start) {
		Duration left = this.options.timeout().minusNanos(System.nanoTime() - start);
		try {
			return left.compareTo(Duration.ZERO) > 0 && link.awaitConnection(left);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private List<PublishResult> attempt(RedisLink link, List<OutgoingEntry> entries) {
		ChunkedSend send = new ChunkedSend(link, this.detection, this.options.chunkSize(), entries);
		Duration timeout = this.options.timeout();
		try {
			await(track(send, send.start()), send, timeout);
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
	 * Send entries, and wait for a connection, but not on this thread.
	 */
	CompletableFuture<List<PublishResult>> publishAsync(List<OutgoingEntry> entries) {
		RedisLink link = linkFor(entries);
		ChunkedSend send = new ChunkedSend(link, this.detection, this.options.chunkSize(), entries);
		if (link.isConnected()) {
			return track(send, send.start()).thenApply((done) -> send.results());
		}
		CompletableFuture<Void> sent = link.whenConnected()
			.orTimeout(this.options.timeout().toNanos(), TimeUnit.NANOSECONDS)
			.handle((connected, failure) -> send.start())
			.thenCompose((done) -> done);
		return track(send, sent).thenApply((done) -> send.results());
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

	private CompletableFuture<Void> track(ChunkedSend send, CompletableFuture<Void> sent) {
		if (!sent.isDone()) {
			this.running.put(send, sent);
			sent.whenComplete((done, failure) -> this.running.remove(send));
		}
		return sent;
	}

}
