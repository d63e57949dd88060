package dev.pubsub.redis.operations;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.internal.redis.Reply;
import dev.pubsub.redis.internal.redis.StreamBacklog;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the state of streams, all of them at once.
 */
final class StreamStates {

	private final KnownStreams known;

	private final OperationsLink link;

	StreamStates(KnownStreams known, OperationsLink link) {
		this.known = known;
		this.link = link;
	}

	List<StreamStatus> of(List<String> names) {
		List<Asked> asked = names.stream().map(this::ask).toList();
		List<StreamStatus> states = new ArrayList<>();
		asked.forEach((stream) -> states.add(status(stream)));
		return states;
	}

	private Asked ask(String name) {
		String deadLetters = this.known.deadLetterStream(name);
		return new Asked(name, deadLetters, this.link.backlog(name, deadLetters, List.of()),
				this.link.streamInfo(name));
	}

	private StreamStatus status(Asked asked) {
		String what = "look at " + asked.name();
		StreamBacklog backlog = this.link.await(what, asked.backlog());
		@Nullable Reply info = info(what, asked.info());
		List<String> subscriptions = this.known.subscriptions(asked.name());
		if (info == null) {
			return new StreamStatus(asked.name(), false, 0, 0, null, null, asked.deadLetters(), backlog.deadLetters(),
					subscriptions);
		}
		return new StreamStatus(asked.name(), true, backlog.length(), info.get("groups").number(),
				id(info.get("first-entry")), id(info.get("last-entry")), asked.deadLetters(), backlog.deadLetters(),
				subscriptions);
	}

	private @Nullable Reply info(String what, CompletableFuture<Reply> asked) {
		try {
			return this.link.await(what, asked);
		}
		catch (OperationException ex) {
			if (ex.getKind() == OperationException.Kind.UNKNOWN) {
				return null;
			}
			throw ex;
		}
	}

	private static @Nullable String id(Reply entry) {
		return entry.list().isEmpty() ? null : entry.get(0).text();
	}

	private record Asked(String name, String deadLetters, CompletableFuture<StreamBacklog> backlog,
			CompletableFuture<Reply> info) {

	}

}
