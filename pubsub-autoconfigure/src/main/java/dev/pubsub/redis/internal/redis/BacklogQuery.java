package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Asks how much of a stream waits, in one command per stream.
 */
public final class BacklogQuery {

	private static final RedisScript BACKLOG = RedisScript.load("backlog");

	private final RedisLink link;

	private final Duration timeout;

	/**
	 * Create a query.
	 * @param link where to ask
	 * @param timeout how long to wait for a connection
	 */
	public BacklogQuery(RedisLink link, Duration timeout) {
		this.link = link;
		this.timeout = timeout;
	}

	/**
	 * Ask about a stream.
	 * @param stream key of the stream
	 * @param deadLetters key of its dead letters, {@code null} if it has none
	 * @param groups names of groups
	 * @return the answer, with an element per group
	 */
	public CompletableFuture<StreamBacklog> ask(String stream, @Nullable String deadLetters, List<String> groups) {
		List<byte[]> keys = new ArrayList<>();
		keys.add(StreamCommands.bytes(stream));
		if (deadLetters != null) {
			keys.add(StreamCommands.bytes(deadLetters));
		}
		return BACKLOG.run(this.link, Deadline.after(this.timeout), keys,
				groups.stream().map(StreamCommands::bytes).toList(), StreamBacklog::of);
	}

}
