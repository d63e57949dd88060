package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Asks how much of streams waits, in one command per stream, those for one server in one
 * write.
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
	 * Ask about streams.
	 * @param questions the streams
	 * @return the answers in the same order
	 */
	public List<CompletableFuture<StreamBacklog>> ask(List<Question> questions) {
		return BACKLOG.runAll(this.link, Deadline.after(this.timeout), questions);
	}

	/**
	 * A stream to ask about. Immutable, good for any number of rounds.
	 */
	public static final class Question implements RedisScript.Call<StreamBacklog> {

		private final List<byte[]> keys;

		private final List<byte[]> groups;

		private Question(List<byte[]> keys, List<byte[]> groups) {
			this.keys = keys;
			this.groups = groups;
		}

		/**
		 * Return a question.
		 * @param stream key of the stream
		 * @param deadLetters key of its dead letters, {@code null} if it has none
		 * @param groups names of groups; the answer has an element for each
		 * @return the question
		 */
		public static Question of(String stream, @Nullable String deadLetters, List<String> groups) {
			List<byte[]> keys = new ArrayList<>(2);
			keys.add(StreamCommands.bytes(stream));
			if (deadLetters != null) {
				keys.add(StreamCommands.bytes(deadLetters));
			}
			return new Question(keys, groups.stream().map(StreamCommands::bytes).toList());
		}

		@Override
		public List<byte[]> keys() {
			return this.keys;
		}

		@Override
		public List<byte[]> arguments() {
			return this.groups;
		}

		@Override
		public BacklogOutput output() {
			return new BacklogOutput(this.groups.size());
		}

	}

}
