package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The part of a link that serves one slot of a cluster. Thread-safe.
 */
final class SlotLink implements RedisLink {

	private final RoutedLink link;

	private final int slot;

	SlotLink(RoutedLink link, int slot) {
		this.link = link;
		this.slot = slot;
	}

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
		NodeLink node = this.link.serving(this.slot);
		return (node != null) ? node.send(request, deadline) : this.link.send(request, deadline);
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests, @Nullable Deadline deadline) {
		NodeLink node = this.link.serving(this.slot);
		return (node != null) ? node.sendAll(requests, deadline) : this.link.sendAll(requests, deadline);
	}

	@Override
	public RedisLink following(String key) {
		return this.link.following(key);
	}

	@Override
	public RedisLink linkTo(String key) {
		return this.link.linkTo(key);
	}

	@Override
	public boolean isConnected() {
		NodeLink node = this.link.serving(this.slot);
		return node != null && node.isConnected();
	}

	@Override
	public boolean isClosed() {
		return this.link.isClosed();
	}

	@Override
	public NotConnectedException notConnected() {
		NodeLink node = this.link.serving(this.slot);
		return (node != null) ? node.notConnected() : this.link.notConnected();
	}

	@Override
	public boolean mayWait() {
		return this.link.mayWait();
	}

	@Override
	public boolean awaitConnection(Duration atMost) throws InterruptedException {
		return isConnected() || RoutedLink.await(whenConnected(), atMost);
	}

	@Override
	public CompletableFuture<Void> whenConnected() {
		return this.link.whenConnected(this.slot);
	}

	@Override
	public void reset() {
		this.link.reset(this.slot);
	}

	@Override
	public void close() {
		this.link.close();
	}

}
