package dev.pubsub.redis.internal.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Link to a server that gets a slot at the moment: it executes commands on keys of that
 * slot if each of them is asked for.
 *
 * @param node link to the server
 */
record AskingLink(NodeLink node) implements RedisLink {

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
		return this.node.sendAsking(List.of(request)).get(0);
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests) {
		return this.node.sendAsking(requests);
	}

	@Override
	public @Nullable RedisLink asked(Throwable failure) {
		return this.node.asked(failure);
	}

	@Override
	public boolean isConnected() {
		return this.node.isConnected();
	}

	@Override
	public boolean isClosed() {
		return this.node.isClosed();
	}

	@Override
	public void onClose(Runnable action) {
		this.node.onClose(action);
	}

	@Override
	public NotConnectedException notConnected() {
		return this.node.notConnected();
	}

	@Override
	public boolean mayWait() {
		return this.node.mayWait();
	}

	@Override
	public CompletableFuture<Void> whenConnected() {
		return this.node.whenConnected();
	}

	@Override
	public void reset() {
		this.node.reset();
	}

	@Override
	public void close() {
		this.node.close();
	}

}
