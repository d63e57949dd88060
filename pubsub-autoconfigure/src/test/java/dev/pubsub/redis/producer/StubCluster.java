package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;

import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.NotConnectedException;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.RedisRequest;
import org.jspecify.annotations.Nullable;

import static org.mockito.Mockito.mock;

/**
 * A cluster that has a server per first letter of the streams.
 */
final class StubCluster implements RedisLink {

	private final Map<String, StubCluster> servers = new ConcurrentHashMap<>();

	private final String name;

	private final BiFunction<String, RedisRequest<?>, CompletableFuture<?>> replies;

	/**
	 * When there is a connection.
	 */
	final CompletableFuture<Void> connection = new CompletableFuture<>();

	/**
	 * Whether it is known which server is for a stream.
	 */
	volatile boolean found = true;

	private volatile boolean closed;

	StubCluster(BiFunction<String, RedisRequest<?>, CompletableFuture<?>> replies) {
		this("all", replies);
	}

	private StubCluster(String name, BiFunction<String, RedisRequest<?>, CompletableFuture<?>> replies) {
		this.name = name;
		this.replies = replies;
	}

	/**
	 * Leave a server for another one, which has its streams now.
	 */
	void left(String letter, String heir) {
		server(letter).closed = true;
		this.servers.put(letter, server(heir));
	}

	StubCluster server(String letter) {
		return this.servers.computeIfAbsent(letter, (any) -> new StubCluster(letter, this.replies));
	}

	@Override
	public RedisLink linkTo(String key) {
		return (this.name.equals("all") && this.found) ? server(key.substring(0, 1)) : this;
	}

	@Override
	public RedisLink following(String key) {
		return linkTo(key);
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
		return (CompletableFuture<T>) this.replies.apply(this.name, request);
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests, @Nullable Deadline deadline) {
		List<CompletableFuture<T>> all = new ArrayList<>();
		requests.forEach((request) -> all.add(send(request, deadline)));
		return all;
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
		return mock(NotConnectedException.class);
	}

	@Override
	public void reset() {
	}

	@Override
	public void close() {
	}

}
