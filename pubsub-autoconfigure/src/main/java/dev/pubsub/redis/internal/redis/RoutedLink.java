package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.lettuce.core.cluster.SlotHash;
import org.jspecify.annotations.Nullable;

/**
 * {@link RedisLink} to all servers: one {@link NodeLink} to each that serves a key, with
 * a queue and a watch of its own, so that a silent server holds up its own keys only.
 * Follows the {@link Topology}. Thread-safe: its own lock guards what follows a change.
 */
final class RoutedLink implements RedisLink {

	private final LinkSettings settings;

	private final Topology topology;

	private final ServerNodes nodes;

	private final Resends resends;

	private final Map<ServerNode, NodeLink> links = new ConcurrentHashMap<>();

	private final Runnable onChange = this::changed;

	private final CompletableFuture<Void> closing = new CompletableFuture<>();

	private volatile @Nullable NodeLink only;

	/**
	 * Create a link that connects when it is first used.
	 * @param settings what its connections have in common
	 * @param topology knows which server serves a key
	 * @param nodes knows the servers
	 */
	RoutedLink(LinkSettings settings, Topology topology, ServerNodes nodes) {
		this.settings = settings;
		this.topology = topology;
		this.resends = new Resends(this, topology, nodes, settings.threads(), settings.timeout());
		this.nodes = nodes;
		topology.addListener(this.onChange);
		changed();
	}

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
		NodeLink link = this.only;
		NodeLink used = (link != null) ? link : serving(request.slot());
		if (used != null) {
			return used.send(request, deadline);
		}
		if (deadline == null) {
			return CompletableFuture.failedFuture(notConnected());
		}
		WatchedCommand<T> command = new WatchedCommand<>(request, deadline);
		this.resends.whenConnected(command, deadline, notConnected());
		return command;
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests, @Nullable Deadline deadline) {
		NodeLink link = this.only;
		if (link != null) {
			return link.sendAll(requests, deadline);
		}
		if (this.topology.routes() == null) {
			this.topology.refresh();
			NotConnectedException failure = notConnected();
			return requests.stream().map((request) -> CompletableFuture.<T>failedFuture(failure)).toList();
		}
		return sendByServer(requests, deadline);
	}

	private <T> List<CompletableFuture<T>> sendByServer(List<RedisRequest<T>> requests, @Nullable Deadline deadline) {
		Map<NodeLink, List<Integer>> parts = new LinkedHashMap<>();
		for (int i = 0; i < requests.size(); i++) {
			NodeLink server = serving(requests.get(i).slot());
			if (server != null) {
				parts.computeIfAbsent(server, (any) -> new ArrayList<>()).add(i);
			}
		}
		CompletableFuture<T> none = CompletableFuture.failedFuture(notConnected());
		List<CompletableFuture<T>> replies = new ArrayList<>(Collections.nCopies(requests.size(), none));
		parts.forEach((server, indexes) -> {
			List<CompletableFuture<T>> part = server.sendAll(indexes.stream().map(requests::get).toList(), deadline);
			for (int i = 0; i < part.size(); i++) {
				replies.set(indexes.get(i), part.get(i));
			}
		});
		return replies;
	}

	/**
	 * Return the link to the server of a slot.
	 * @param slot the slot; {@link RedisRequest#NO_SLOT} for any server
	 * @return the link, {@code null} while nothing is known
	 */
	@Nullable NodeLink serving(int slot) {
		NodeLink link = this.only;
		if (link != null) {
			return link;
		}
		Routes routes = this.topology.routes();
		if (routes == null) {
			this.topology.refresh();
			return null;
		}
		return (slot != RedisRequest.NO_SLOT) ? to(routes.serving(slot)) : any(routes);
	}

	/**
	 * Return the link to a server.
	 */
	NodeLink to(ServerNode node) {
		NodeLink link = this.links.get(node);
		if (link != null) {
			return link;
		}
		NodeLink created = this.links.computeIfAbsent(node,
				(server) -> new NodeLink(server, this.settings, this.resends));
		if (this.closing.isDone()) {
			created.close();
		}
		return created;
	}

	private NodeLink any(Routes routes) {
		return this.links.values()
			.stream()
			.filter(NodeLink::isConnected)
			.findFirst()
			.orElseGet(() -> to(routes.serving(0)));
	}

	@Override
	public RedisLink following(String key) {
		return this.topology.isSharded() ? new SlotLink(this, SlotHash.getSlot(key)) : this;
	}

	@Override
	public RedisLink linkTo(String key) {
		NodeLink link = this.only;
		if (link == null) {
			link = serving(this.topology.isSharded() ? SlotHash.getSlot(key) : 0);
		}
		return (link != null) ? link : this;
	}

	@Override
	public boolean isConnected() {
		NodeLink link = this.only;
		return (link != null) ? link.isConnected() : this.links.values().stream().anyMatch(NodeLink::isConnected);
	}

	@Override
	public boolean isClosed() {
		return this.closing.isDone();
	}

	@Override
	public NotConnectedException notConnected() {
		NodeLink link = this.only;
		if (link != null) {
			return link.notConnected();
		}
		if (this.topology.routes() == null) {
			return notConnected(this.topology.lastFailure());
		}
		return this.links.values()
			.stream()
			.filter((server) -> !server.isConnected())
			.map(NodeLink::notConnected)
			.filter((reason) -> reason.getCause() != null)
			.findFirst()
			.orElseGet(() -> notConnected(null));
	}

	private NotConnectedException notConnected(@Nullable Throwable cause) {
		return NotConnectedException.of(new LinkName(this.settings.name(), this.settings.address()), cause);
	}

	@Override
	public boolean mayWait() {
		return !this.settings.loops().includeCurrentThread();
	}

	@Override
	public boolean awaitConnection(Duration atMost) throws InterruptedException {
		return isConnected() || await(whenConnected(), atMost);
	}

	static boolean await(CompletableFuture<Void> connected, Duration atMost) throws InterruptedException {
		try {
			connected.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (TimeoutException | ExecutionException | CancellationException ex) {
			return false;
		}
		finally {
			// Or it would be kept until there is a connection.
			connected.cancel(false);
		}
	}

	@Override
	public CompletableFuture<Void> whenConnected() {
		return whenConnected(RedisRequest.NO_SLOT);
	}

	/**
	 * Say when there is a connection to the server of a slot, be it another one by then.
	 */
	CompletableFuture<Void> whenConnected(int slot) {
		if (this.topology.isFixed()) {
			return to(fixed()).whenConnected();
		}
		CompletableFuture<Void> change = this.topology.nextChange();
		NodeLink link = serving(slot);
		if (link != null && link.isConnected()) {
			return CompletableFuture.completedFuture(null);
		}
		CompletableFuture<?> connected = (slot == RedisRequest.NO_SLOT) ? anyConnected()
				: (link != null) ? link.whenConnected() : new CompletableFuture<>();
		CompletableFuture<Void> result = CompletableFuture
			.anyOf(this.closing, connected.exceptionally((failure) -> null), change)
			.thenCompose((ignored) -> {
				NodeLink now = serving(slot);
				return (now != null && now.isConnected()) ? CompletableFuture.completedFuture(null)
						: whenConnected(slot);
			});
		result.whenComplete((done, failure) -> connected.cancel(false));
		return result;
	}

	private ServerNode fixed() {
		Routes routes = this.topology.routes();
		if (routes == null) {
			throw new IllegalStateException("A fixed topology is known");
		}
		return routes.serving(0);
	}

	private CompletableFuture<?> anyConnected() {
		Routes routes = this.topology.routes();
		Set<ServerNode> nodes = (routes != null) ? routes.nodes() : Set.of();
		List<CompletableFuture<Void>> waiters = nodes.stream().map((node) -> to(node).whenConnected()).toList();
		CompletableFuture<?> any = CompletableFuture.anyOf(waiters.toArray(CompletableFuture[]::new));
		any.whenComplete((connected, failure) -> waiters.forEach((waiter) -> waiter.cancel(false)));
		return any;
	}

	@Override
	public void reset() {
		this.topology.refresh();
		NodeLink link = this.only;
		if (link != null) {
			link.reset();
		}
		else {
			this.links.values().forEach(NodeLink::reset);
		}
	}

	void reset(int slot) {
		this.topology.refresh();
		NodeLink link = serving(slot);
		if (link != null) {
			link.reset();
		}
	}

	/**
	 * Leave the servers that serve no key any more.
	 */
	private void changed() {
		// What waits for such a server goes on here, so no lock may be held.
		left().forEach(NodeLink::retire);
	}

	private synchronized List<NodeLink> left() {
		Routes routes = this.topology.routes();
		if (routes == null || this.closing.isDone()) {
			return List.of();
		}
		ServerNode one = routes.only();
		this.only = (one != null) ? to(one) : null;
		Set<ServerNode> serving = routes.nodes();
		this.nodes.keep(serving);
		List<NodeLink> left = new ArrayList<>();
		this.links.forEach((node, link) -> {
			if (!serving.contains(node) && this.links.remove(node, link)) {
				left.add(link);
			}
		});
		return left;
	}

	@Override
	public void close() {
		this.topology.removeListener(this.onChange);
		this.closing.completeExceptionally(new CancellationException());
		this.links.values().forEach(NodeLink::close);
		this.resends.close();
		// Kept: a closed link says so.
	}

}
