package dev.pubsub.redis.operations;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.partition.PartitionRedrive;
import dev.pubsub.redis.internal.redis.BacklogQuery;
import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.KeyCommands;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.Reply;
import dev.pubsub.redis.internal.redis.StreamBacklog;
import dev.pubsub.redis.internal.redis.StreamConnections;
import org.jspecify.annotations.Nullable;

/**
 * Asks Redis about many streams at once. Thread-safe.
 */
final class OperationsLink implements AutoCloseable {

	static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final RedisLink link;

	private final BacklogQuery backlogs;

	OperationsLink(StreamConnections connections) {
		this.link = connections.open("operations", TIMEOUT);
		this.backlogs = new BacklogQuery(this.link, TIMEOUT);
	}

	/**
	 * Ask about streams, those of one server in one write.
	 * @return the answers in the same order
	 */
	List<CompletableFuture<StreamBacklog>> backlogs(List<BacklogQuery.Question> questions) {
		return this.backlogs.ask(questions);
	}

	CompletableFuture<Reply> redrive(String deadLetters, String stream, String id) {
		return PartitionRedrive.redrive(commands(), deadLetters, stream, id);
	}

	private KeyCommands commands() {
		return new KeyCommands(this.link, Deadline.after(TIMEOUT));
	}

	/**
	 * Wait for a reply.
	 * @param what what is asked for, after "Cannot"
	 */
	<T> T await(String what, CompletableFuture<T> reply) {
		mustWait(what);
		try {
			return reply.get(2 * TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			Throwable cause = Failures.unwrap(ex);
			throw Operation.failure("Cannot " + what + ": " + cause.getMessage(), cause);
		}
		catch (TimeoutException ex) {
			throw Operation.failure("Cannot " + what + ": Redis did not answer", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw Operation.failure("Cannot " + what + ": interrupted", ex);
		}
	}

	private void mustWait(String what) {
		if (!this.link.mayWait()) {
			throw OperationException.conflict("Cannot " + what + " on thread \"" + Thread.currentThread().getName()
					+ "\": it reads the replies of Redis and must not wait for them");
		}
	}

	@Override
	public void close() {
		this.link.close();
	}

}
