package dev.pubsub.redis.producer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.RedisRequest;
import org.jspecify.annotations.Nullable;

/**
 * Sends the entries of one commit in chunks, each in one write, a few of them ahead of
 * the replies. When the connection fails nothing more is sent, so that the messages in
 * Redis are the first ones, in order. Thread-safe: {@code lock} guards what is sent.
 */
final class ChunkedSend {

	private static final int CHUNKS_IN_FLIGHT = 4;

	private static final int CHUNK_BYTES = 1024 * 1024;

	private final RedisLink link;

	private final FeatureDetection detection;

	private final int chunkSize;

	private final List<OutgoingEntry> entries;

	private final AtomicReferenceArray<@Nullable PublishResult> results;

	private final AtomicInteger settled = new AtomicInteger();

	private final CompletableFuture<List<PublishResult>> done = new CompletableFuture<>();

	private final ReentrantLock lock = new ReentrantLock();

	private volatile ServerFeatures features = ServerFeatures.NONE;

	private int sent;

	private int chunksInFlight;

	private @Nullable Throwable abortedBy;

	ChunkedSend(RedisLink link, FeatureDetection detection, int chunkSize, List<OutgoingEntry> entries) {
		this.link = link;
		this.detection = detection;
		this.chunkSize = chunkSize;
		this.entries = entries;
		this.results = new AtomicReferenceArray<>(entries.size());
	}

	CompletableFuture<List<PublishResult>> start() {
		if (this.entries.stream().noneMatch(OutgoingEntry::needsFeatures)) {
			sendMore();
			return this.done;
		}
		this.detection.detect(this.link).whenComplete((found, failure) -> {
			if (failure != null) {
				abort(failure);
			}
			else {
				this.features = found;
			}
			sendMore();
		});
		return this.done;
	}

	/**
	 * Return how many replies have come.
	 */
	int settled() {
		return this.settled.get();
	}

	/**
	 * Stop, and return what is known by now.
	 */
	List<PublishResult> abandon(Throwable cause) {
		this.lock.lock();
		try {
			if (this.abortedBy == null) {
				this.abortedBy = cause;
			}
			return collect(cause);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void sendMore() {
		boolean finished;
		this.lock.lock();
		try {
			while (this.abortedBy == null && this.sent < this.entries.size()
					&& this.chunksInFlight < CHUNKS_IN_FLIGHT) {
				sendChunk();
			}
			finished = this.chunksInFlight == 0;
		}
		finally {
			this.lock.unlock();
		}
		if (finished) {
			this.done.complete(collect(null));
		}
	}

	private void sendChunk() {
		int from = this.sent;
		int to = endOfChunk(from);
		List<RedisRequest<@Nullable EntryId>> requests = new ArrayList<>(to - from);
		for (OutgoingEntry entry : this.entries.subList(from, to)) {
			requests.add(entry.request(this.features));
		}
		this.sent = to;
		this.chunksInFlight++;
		AtomicInteger open = new AtomicInteger(to - from);
		List<CompletableFuture<@Nullable EntryId>> replies = this.link.sendAll(requests);
		for (int i = 0; i < replies.size(); i++) {
			int index = from + i;
			replies.get(i).whenComplete((id, failure) -> settle(index, id, failure, open));
		}
	}

	private int endOfChunk(int from) {
		int to = from;
		long bytes = 0;
		while (to < this.entries.size() && to - from < this.chunkSize && bytes < CHUNK_BYTES) {
			bytes += this.entries.get(to++).size();
		}
		return to;
	}

	private void settle(int index, @Nullable EntryId id, @Nullable Throwable failure, AtomicInteger open) {
		OutgoingEntry entry = this.entries.get(index);
		PublishResult result = entry.settle(id, failure);
		this.results.set(index, result);
		this.settled.incrementAndGet();
		if (failure != null && !PublishResult.isReply(failure)) {
			abort(failure);
		}
		if (open.decrementAndGet() == 0) {
			this.detection.check(entry, result, this.link);
			chunkDone();
		}
	}

	private void abort(Throwable cause) {
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

	private List<PublishResult> collect(@Nullable Throwable noReply) {
		PublishResult[] all = new PublishResult[this.entries.size()];
		for (int i = 0; i < all.length; i++) {
			PublishResult result = this.results.get(i);
			all[i] = (result != null) ? result : withoutReply(i, noReply);
		}
		return Collections.unmodifiableList(Arrays.asList(all));
	}

	private PublishResult withoutReply(int index, @Nullable Throwable noReply) {
		String stream = this.entries.get(index).stream();
		if (index < this.sent && noReply != null) {
			return PublishResult.unknown(stream, noReply);
		}
		Throwable cause = (this.abortedBy != null) ? this.abortedBy : new IllegalStateException("Not sent");
		return PublishResult.rejected(stream, cause);
	}

}
