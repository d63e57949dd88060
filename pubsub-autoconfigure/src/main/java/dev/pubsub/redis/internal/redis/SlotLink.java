package dev.pubsub.redis.internal.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The part of a link that serves one slot of a cluster. Thread-safe.
 */
final class SlotLink implements RedisLink {

	private final RedisLink all;

	private final ServerLinks links;

	private final int slot;

	/**
	 * Create a link.
	 * @param all the link to all slots
	 * @param links the links to all servers
	 * @param slot the slot
	 */
	SlotLink(RedisLink all, ServerLinks links, int slot) {
		this.all = all;
		this.links = links;
		this.slot = slot;
	}

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
		return server().send(request, deadline);
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests) {
		return server().sendAll(requests);
	}

	/**
	 * Return the link to the server, to all servers while it is not known.
	 */
	private RedisLink server() {
		NodeLink node = this.links.serving(this.slot);
		return (node != null) ? node : this.all;
	}

	@Override
	public RedisLink following(String key) {
		return this.all.following(key);
	}

	@Override
	public RedisLink linkTo(String key) {
		return server();
	}

	@Override
	public boolean isConnected() {
		NodeLink node = this.links.serving(this.slot);
		return node != null && node.isConnected();
	}

	@Override
	public boolean isClosed() {
		return this.links.isClosed();
	}

	@Override
	public void onClose(Runnable action) {
		this.links.onClose(action);
	}

	@Override
	public NotConnectedException notConnected() {
		return server().notConnected();
	}

	@Override
	public boolean mayWait() {
		return this.all.mayWait();
	}

	@Override
	public CompletableFuture<Void> whenConnected() {
		return this.links.whenConnected(this.slot);
	}

	@Override
	public void reset() {
		this.links.reset(this.slot);
	}

	@Override
	public void close() {
		this.all.close();
	}

}
