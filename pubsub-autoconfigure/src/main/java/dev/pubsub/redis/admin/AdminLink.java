package dev.pubsub.redis.admin;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.KeyCommands;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamConnections;

/**
 * Waits for replies and turns failures into exceptions that say what was tried. Opens a
 * connection of its own for a call that blocks. Thread-safe.
 */
final class AdminLink implements AutoCloseable {

	private final StreamConnections connections;

	private final Duration timeout;

	private final RedisLink link;

	AdminLink(StreamConnections connections, Duration timeout) {
		this.connections = connections;
		this.timeout = timeout;
		this.link = connections.open("admin", timeout);
	}

	<T> T call(String what, Function<KeyCommands, CompletableFuture<T>> command) {
		return call(this.link, what, Duration.ZERO, command);
	}

	<T> T callBlocking(String what, Duration block, Function<KeyCommands, CompletableFuture<T>> command) {
		try (RedisLink own = this.connections.open("admin-reader", null, this.timeout.plus(block), block)) {
			return call(own, what, block, command);
		}
	}

	private <T> T call(RedisLink link, String what, Duration block,
			Function<KeyCommands, CompletableFuture<T>> command) {
		if (!link.mayWait()) {
			throw new StreamAdminException("Cannot " + what + " on thread \"" + Thread.currentThread().getName()
					+ "\": it reads the replies of Redis and must not wait for them", null);
		}
		try {
			Deadline patience = Deadline.after(this.timeout);
			Duration longest = this.timeout.plus(this.timeout).plus(block);
			return command.apply(new KeyCommands(link, patience)).get(longest.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			Throwable cause = Failures.unwrap(ex);
			throw new StreamAdminException("Cannot " + what + ": " + cause.getMessage(), cause);
		}
		catch (TimeoutException ex) {
			throw new StreamAdminException("Cannot " + what + ": Redis did not answer", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new StreamAdminException("Cannot " + what + ": interrupted", ex);
		}
	}

	@Override
	public void close() {
		this.link.close();
	}

}
