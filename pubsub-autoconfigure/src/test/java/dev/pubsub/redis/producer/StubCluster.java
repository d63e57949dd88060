package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.FakeFailures;
import dev.pubsub.redis.internal.redis.NotConnectedException;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.RedisRequest;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that has a server per first letter of the streams.
 */
final class StubCluster implements RedisLink {

	private final Map<String, Stub> servers = new ConcurrentHashMap<>();

	private final Map<String, Stub> slots = new ConcurrentHashMap<>();

	private final BiFunction<String, RedisRequest<?>, CompletableFuture<?>> replies;

	private final Stub unknown = new Stub("unknown", new CompletableFuture<>());

	/**
	 * Whether it is known which server is for a stream.
	 */
	volatile boolean found = true;

	volatile boolean closed;

	/**
	 * Create a cluster.
	 * @param replies what a server answers: its letter, with a question mark where it is
	 * asked for once
	 */
	StubCluster(BiFunction<String, RedisRequest<?>, CompletableFuture<?>> replies) {
		this.replies = replies;
	}

	/**
	 * Have a server serve the streams of another one.
	 */
	void moved(String letter, String heir) {
		this.servers.put(letter, server(heir));
	}

	/**
	 * Leave a server for another one, which has its streams now.
	 */
	void left(String letter, String heir) {
		Stub former = server(letter);
		former.closed = true;
		moved(letter, heir);
		former.onClose.forEach(Runnable::run);
	}

	/**
	 * Return the server that serves streams with a first letter.
	 */
	Stub server(String letter) {
		return this.servers.computeIfAbsent(letter, (any) -> new Stub(letter, new CompletableFuture<>()));
	}

	@Override
	public RedisLink linkTo(String key) {
		return this.found ? server(key.substring(0, 1)) : this;
	}

	@Override
	public RedisLink following(String key) {
		return this.slots.computeIfAbsent(key.substring(0, 1), Slot::new);
	}

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
		return this.unknown.send(request, deadline);
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests) {
		return this.unknown.sendAll(requests);
	}

	@Override
	public boolean isConnected() {
		return false;
	}

	@Override
	public boolean isClosed() {
		return this.closed;
	}

	@Override
	public boolean mayWait() {
		return true;
	}

	@Override
	public boolean awaitConnection(Duration atMost) {
		return false;
	}

	@Override
	public CompletableFuture<Void> whenConnected() {
		return this.unknown.whenConnected();
	}

	@Override
	public NotConnectedException notConnected() {
		return FakeFailures.notConnected();
	}

	@Override
	public void reset() {
	}

	@Override
	public void close() {
	}

	/**
	 * A server.
	 */
	class Stub implements RedisLink {

		private final String name;

		/**
		 * When there is a connection.
		 */
		volatile CompletableFuture<Void> connection;

		volatile boolean closed;

		private final List<Runnable> onClose = new CopyOnWriteArrayList<>();

		Stub(String name, CompletableFuture<Void> connection) {
			this.name = name;
			this.connection = connection;
		}

		@Override
		@SuppressWarnings("unchecked")
		public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
			return isConnected() ? (CompletableFuture<T>) StubCluster.this.replies.apply(this.name, request)
					: CompletableFuture.failedFuture(notConnected());
		}

		@Override
		public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests) {
			List<CompletableFuture<T>> all = new ArrayList<>();
			requests.forEach((request) -> all.add(send(request, null)));
			return all;
		}

		/**
		 * Return the server that an error such as {@code ASK 1 n:1} names by its letter.
		 */
		@Override
		public @Nullable RedisLink asked(Throwable failure) {
			String error = String.valueOf(failure.getMessage());
			return error.startsWith("ASK ") ? new Asked(error.split("[ :]")[2]) : null;
		}

		@Override
		public boolean isConnected() {
			return this.connection.isDone();
		}

		@Override
		public boolean isClosed() {
			return this.closed;
		}

		@Override
		public void onClose(Runnable action) {
			this.onClose.add(action);
			if (this.closed) {
				action.run();
			}
		}

		@Override
		public boolean mayWait() {
			return true;
		}

		@Override
		public boolean awaitConnection(Duration atMost) throws InterruptedException {
			try {
				this.connection.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
				return true;
			}
			catch (ExecutionException | TimeoutException ex) {
				return false;
			}
		}

		@Override
		public CompletableFuture<Void> whenConnected() {
			return this.connection.copy();
		}

		@Override
		public NotConnectedException notConnected() {
			return FakeFailures.notConnected();
		}

		@Override
		public void reset() {
		}

		@Override
		public void close() {
		}

	}

	/**
	 * The streams with one first letter, whichever server has them.
	 */
	private final class Slot extends Stub {

		private final String letter;

		Slot(String letter) {
			super(letter, new CompletableFuture<>());
			this.letter = letter;
		}

		@Override
		public RedisLink linkTo(String key) {
			return StubCluster.this.linkTo(key);
		}

		@Override
		public boolean isConnected() {
			return server(this.letter).isConnected();
		}

		@Override
		public CompletableFuture<Void> whenConnected() {
			return server(this.letter).whenConnected();
		}

		@Override
		public boolean awaitConnection(Duration atMost) throws InterruptedException {
			return server(this.letter).awaitConnection(atMost);
		}

	}

	/**
	 * A server that is asked for once.
	 */
	private final class Asked extends Stub {

		private final String letter;

		Asked(String letter) {
			super(letter + "?", StubCluster.this.server(letter).connection);
			this.letter = letter;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Asked asked && asked.letter.equals(this.letter);
		}

		@Override
		public int hashCode() {
			return this.letter.hashCode();
		}

	}

}
