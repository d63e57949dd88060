package dev.pubsub.redis.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;

/**
 * Sends the entries of one commit that are for one server in chunks, each in one write, a
 * few of them ahead of the replies. When the connection fails, or the server cannot
 * execute anything yet, nothing more is sent, so that the messages in Redis are the first
 * ones, in order. A stream that another server has holds up no other stream. Thread-safe:
 * {@code lock} guards what is sent.
 */
final class ChunkedSend {

	private static final int CHUNKS_IN_FLIGHT = 8;

	private static final int CHUNK_BYTES = 1024 * 1024;

	private final RedisLink link;

	private final FeatureDetection detection;

	private final int chunkSize;

	private final List<OutgoingEntry> entries;

	private final List<CompletableFuture<@Nullable EntryId>> replies;

	private final AtomicInteger answered = new AtomicInteger();

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	private final ReentrantLock lock = new ReentrantLock();

	private volatile ServerFeatures features = ServerFeatures.NONE;

	private int chunksInFlight;

	private @Nullable Throwable abortedBy;

	ChunkedSend(RedisLink link, FeatureDetection detection, int chunkSize, List<OutgoingEntry> entries) {
		this.link = link;
		this.detection = detection;
		this.chunkSize = chunkSize;
		this.entries = entries;
		this.replies = new ArrayList<>(entries.size());
	}

	/**
	 * Start to send.
	 * @return completes, never with a failure, when there is nothing more to wait for
	 */
	CompletableFuture<Void> start() {
		if (this.entries.stream().noneMatch(OutgoingEntry::needsFeatures)) {
			sendMore();
			return this.done;
		}
		this.detection.detect(this.link).thenApply(this::checked).whenComplete((found, failure) -> {
			if (failure != null) {
				abort(Failures.unwrap(failure));
			}
			else {
				this.features = found;
			}
			sendMore();
		});
		return this.done;
	}

	private ServerFeatures checked(ServerFeatures found) {
		this.entries.forEach((entry) -> entry.checked(found));
		return found;
	}

	/**
	 * Return how many replies have come.
	 */
	int answered() {
		return this.answered.get();
	}

	private void sendMore() {
		boolean finished;
		this.lock.lock();
		try {
			while (this.abortedBy == null && this.replies.size() < this.entries.size()
					&& this.chunksInFlight < CHUNKS_IN_FLIGHT) {
				sendChunk();
			}
			finished = this.chunksInFlight == 0;
		}
		finally {
			this.lock.unlock();
		}
		if (finished) {
			this.done.complete(null);
		}
	}

	private void sendChunk() {
		int from = this.replies.size();
		int to = endOfChunk(from);
		EntryWrite write = new EntryWrite(this.link, to - from);
		try {
			this.entries.subList(from, to).forEach((entry) -> write.add(entry, this.features));
		}
		catch (Throwable ex) {
			// There may be no memory to be had.
			abort(ex);
			return;
		}
		this.chunksInFlight++;
		List<CompletableFuture<@Nullable EntryId>> chunk = write.send();
		this.replies.addAll(chunk);
		WriteReplies.whenAllDone(chunk, () -> chunkAnswered(chunk));
	}

	private int endOfChunk(int from) {
		int to = from;
		long bytes = 0;
		while (to < this.entries.size() && to - from < this.chunkSize && bytes < CHUNK_BYTES) {
			bytes += this.entries.get(to++).size();
		}
		return to;
	}

	private void chunkAnswered(List<CompletableFuture<@Nullable EntryId>> answered) {
		for (CompletableFuture<@Nullable EntryId> reply : answered) {
			Throwable failure = WriteReplies.failureOf(reply);
			if (failure != null && !RedisFault.isMove(failure)
					&& (!PublishResult.isReply(failure) || RedisFault.isForLater(failure))) {
				abort(failure);
			}
		}
		this.answered.addAndGet(answered.size());
		chunkDone();
	}

	/**
	 * Send nothing more.
	 */
	void abort(Throwable cause) {
		this.lock.lock();
		try {
			if (this.abortedBy == null) {
				this.abortedBy = cause;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void chunkDone() {
		this.lock.lock();
		try {
			this.chunksInFlight--;
		}
		finally {
			this.lock.unlock();
		}
		sendMore();
	}

	/**
	 * Return what is known about each entry.
	 */
	List<PublishResult> results() {
		this.lock.lock();
		try {
			List<PublishResult> results = new ArrayList<>(this.entries.size());
			for (int i = 0; i < this.entries.size(); i++) {
				results.add(result(this.entries.get(i), (i < this.replies.size()) ? this.replies.get(i) : null));
			}
			return results;
		}
		finally {
			this.lock.unlock();
		}
	}

	private PublishResult result(OutgoingEntry entry, @Nullable CompletableFuture<@Nullable EntryId> reply) {
		Throwable cause = (this.abortedBy != null) ? this.abortedBy : new IllegalStateException("Not sent");
		if (reply == null) {
			return PublishResult.rejected(entry.stream(), cause);
		}
		if (!reply.isDone()) {
			return PublishResult.unknown(entry.stream(), cause);
		}
		Throwable failure = WriteReplies.failureOf(reply);
		PublishResult result = entry.settle((failure == null) ? reply.join() : null, failure);
		this.detection.check(entry, result);
		return result;
	}

}
