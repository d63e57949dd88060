package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.Confirmation;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.RedisRequest;
import org.jspecify.annotations.Nullable;

/**
 * Sends entries, and behind those of one node the question whether its replicas have
 * them: in the same write on the same connection, as otherwise the answer would be about
 * something else.
 */
final class EntryWrite {

	private final RedisLink link;

	private final List<OutgoingEntry> entries;

	private final List<RedisRequest<@Nullable EntryId>> requests;

	private boolean durable;

	EntryWrite(RedisLink link, int size) {
		this.link = link;
		this.entries = new ArrayList<>(size);
		this.requests = new ArrayList<>(size);
	}

	void add(OutgoingEntry entry, ServerFeatures features) {
		this.entries.add(entry);
		this.requests.add(entry.request(features));
		this.durable |= entry.isDurable();
	}

	/**
	 * Send the entries.
	 * @return a reply per entry, in order; fails with {@link NotConfirmedException} where
	 * an entry was added but not confirmed
	 */
	List<CompletableFuture<@Nullable EntryId>> send() {
		try {
			return this.durable ? sendDurably() : this.link.sendAll(this.requests);
		}
		catch (Throwable ex) {
			// There may be no memory or thread to be had, and some may be written.
			return Collections.nCopies(this.requests.size(), CompletableFuture.failedFuture(ex));
		}
	}

	private List<CompletableFuture<@Nullable EntryId>> sendDurably() {
		Map<RedisLink, List<Integer>> nodes = new LinkedHashMap<>();
		for (int i = 0; i < this.entries.size(); i++) {
			nodes.computeIfAbsent(this.link.linkTo(this.entries.get(i).stream()), (node) -> new ArrayList<>()).add(i);
		}
		List<CompletableFuture<@Nullable EntryId>> replies = new ArrayList<>();
		this.entries.forEach((entry) -> replies.add(new CompletableFuture<>()));
		nodes.forEach((node, indexes) -> sendTo(node, indexes, replies));
		return replies;
	}

	@SuppressWarnings("unchecked")
	private void sendTo(RedisLink node, List<Integer> indexes, List<CompletableFuture<@Nullable EntryId>> replies) {
		List<RedisRequest<Object>> write = new ArrayList<>(indexes.size() + 1);
		indexes.forEach((index) -> write.add((RedisRequest<Object>) (RedisRequest<?>) this.requests.get(index)));
		RedisRequest<Confirmation> question = question(indexes);
		if (question != null) {
			write.add((RedisRequest<Object>) (RedisRequest<?>) question);
		}
		List<CompletableFuture<Object>> answers = node.sendAll(write);
		CompletableFuture<Object> confirmation = answers.get(answers.size() - 1);
		for (int i = 0; i < indexes.size(); i++) {
			int index = indexes.get(i);
			OutgoingEntry entry = this.entries.get(index);
			CompletableFuture<@Nullable EntryId> reply = replies.get(index);
			CompletableFuture<@Nullable EntryId> added = (CompletableFuture<@Nullable EntryId>) (CompletableFuture<?>) answers
				.get(i);
			if (entry.isDurable()) {
				confirmation.whenComplete((confirmed, failure) -> added.whenComplete(
						(id, refusal) -> complete(reply, entry, id, refusal, (Confirmation) confirmed, failure)));
			}
			else {
				added.whenComplete((id, refusal) -> complete(reply, id, refusal));
			}
		}
	}

	/**
	 * One question for all: the strictest.
	 */
	private @Nullable RedisRequest<Confirmation> question(List<Integer> indexes) {
		int replicas = 0;
		Duration timeout = Duration.ZERO;
		boolean fsync = false;
		String stream = null;
		for (int index : indexes) {
			OutgoingEntry entry = this.entries.get(index);
			if (entry.isDurable()) {
				Durability durability = entry.durability();
				replicas = Math.max(replicas, durability.replicas());
				timeout = (timeout.compareTo(durability.timeout()) < 0) ? durability.timeout() : timeout;
				fsync |= durability.isFsync();
				stream = entry.stream();
			}
		}
		return (stream != null) ? Confirmation.request(stream, replicas, timeout, fsync) : null;
	}

	private static void complete(CompletableFuture<@Nullable EntryId> reply, OutgoingEntry entry, @Nullable EntryId id,
			@Nullable Throwable refusal, @Nullable Confirmation confirmed, @Nullable Throwable failure) {
		if (id == null) {
			complete(reply, null, refusal);
			return;
		}
		Durability durability = entry.durability();
		int replicas = (confirmed != null) ? confirmed.replicas() : 0;
		boolean disk = !durability.isFsync() || (confirmed != null && confirmed.disks() > 0);
		if (confirmed != null && disk && replicas >= durability.replicas()) {
			reply.complete(id);
		}
		else {
			reply.completeExceptionally(new NotConfirmedException(entry.stream(), id.toRecordId(), durability, replicas,
					(failure != null) ? Failures.unwrap(failure) : null));
		}
	}

	private static void complete(CompletableFuture<@Nullable EntryId> reply, @Nullable EntryId id,
			@Nullable Throwable refusal) {
		if (refusal != null) {
			reply.completeExceptionally(refusal);
		}
		else {
			reply.complete(id);
		}
	}

}
