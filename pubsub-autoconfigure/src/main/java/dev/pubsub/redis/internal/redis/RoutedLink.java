package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.lettuce.core.cluster.SlotHash;
import org.jspecify.annotations.Nullable;

/**
 * {@link RedisLink} to all servers: the key of a command decides which of
 * {@link ServerLinks} sends it. Thread-safe.
 */
final class RoutedLink implements RedisLink {

	private final LinkSettings settings;

	private final Topology topology;

	private final ServerLinks links;

	private final Resends resends;

	private final SlotLinks slots;

	/**
	 * Create a link that connects when it is first used.
	 * @param settings what its connections have in common
	 * @param topology knows which server serves a key
	 * @param nodes knows the servers
	 */
	RoutedLink(LinkSettings settings, Topology topology, ServerNodes nodes) {
		this.settings = settings;
		this.topology = topology;
		this.links = new ServerLinks(settings, topology, nodes, this::linkTo);
		this.resends = new Resends(this.links, topology, nodes, settings.threads());
		this.slots = new SlotLinks((slot) -> new SlotLink(this, this.links, slot));
		this.links.start();
	}

	private NodeLink linkTo(ServerNode node) {
		return new NodeLink(node, this.settings, this.resends);
	}

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
		this.settings.prefix().applyTo(request);
		NodeLink link = this.links.only();
		NodeLink used = (link != null) ? link : this.links.serving(request.slot());
		if (used != null) {
			return used.send(request, deadline);
		}
		if (deadline == null) {
			return CompletableFuture.failedFuture(notConnected());
		}
		WatchedCommand<T> command = new WatchedCommand<>(request, deadline, Patience.OUTAGES);
		this.resends.notSent(command, notConnected());
		return command;
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests) {
		NodeLink link = this.links.only();
		return (link != null) ? link.sendAll(requests) : sendByServer(requests);
	}

	private <T> List<CompletableFuture<T>> sendByServer(List<RedisRequest<T>> requests) {
		Map<NodeLink, List<Integer>> parts = new LinkedHashMap<>();
		for (int i = 0; i < requests.size(); i++) {
			this.settings.prefix().applyTo(requests.get(i));
			NodeLink server = this.links.serving(requests.get(i).slot());
			if (server != null) {
				parts.computeIfAbsent(server, (any) -> new ArrayList<>()).add(i);
			}
		}
		CompletableFuture<T> none = CompletableFuture.failedFuture(notConnected());
		List<CompletableFuture<T>> replies = new ArrayList<>(Collections.nCopies(requests.size(), none));
		parts.forEach((server, indexes) -> {
			List<CompletableFuture<T>> part = server.sendAll(indexes.stream().map(requests::get).toList());
			for (int i = 0; i < part.size(); i++) {
				replies.set(indexes.get(i), part.get(i));
			}
		});
		return replies;
	}

	@Override
	public RedisLink following(String key) {
		return this.topology.isSharded() ? this.slots.get(slot(key)) : this;
	}

	@Override
	public RedisLink linkTo(String key) {
		NodeLink link = this.links.only();
		if (link == null) {
			link = this.links.serving(this.topology.isSharded() ? slot(key) : 0);
		}
		return (link != null) ? link : this;
	}

	private int slot(String key) {
		return SlotHash.getSlot(this.settings.prefix().key(key));
	}

	@Override
	public boolean isConnected() {
		return this.links.isConnected();
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
		return this.links.notConnected();
	}

	@Override
	public boolean mayWait() {
		return !this.settings.loops().includeCurrentThread();
	}

	@Override
	public CompletableFuture<Void> whenConnected() {
		return this.links.whenConnected(RedisRequest.NO_SLOT);
	}

	@Override
	public void reset() {
		this.links.reset();
	}

	@Override
	public void close() {
		this.links.close();
		this.resends.close();
	}

}
