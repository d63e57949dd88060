package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * The links to all servers: one to each that serves a key, with a queue and a watch of
 * its own, so that a silent server holds up its own keys only. Follows the
 * {@link Topology}. Thread-safe: its own lock guards what follows a change.
 */
final class ServerLinks {

	private final LinkSettings settings;

	private final Topology topology;

	private final ServerNodes nodes;

	private final Function<ServerNode, NodeLink> factory;

	private final Map<ServerNode, NodeLink> links = new ConcurrentHashMap<>();

	private final Runnable onChange = this::changed;

	private final CompletableFuture<Void> closing = new CompletableFuture<>();

	private volatile @Nullable NodeLink only;

	/**
	 * Create links that connect when they are first used.
	 * @param settings what its connections have in common
	 * @param topology knows which server serves a key
	 * @param nodes knows the servers
	 * @param factory makes a link to a server
	 */
	ServerLinks(LinkSettings settings, Topology topology, ServerNodes nodes, Function<ServerNode, NodeLink> factory) {
		this.settings = settings;
		this.topology = topology;
		this.nodes = nodes;
		this.factory = factory;
	}

	/**
	 * Follow the topology from now on.
	 */
	void start() {
		this.topology.addListener(this.onChange);
		changed();
	}

	/**
	 * Return the link to the server that serves all keys, {@code null} where there are
	 * several, or while it is not known.
	 */
	@Nullable NodeLink only() {
		return this.only;
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
		NodeLink created = this.links.computeIfAbsent(node, this.factory);
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

	boolean isConnected() {
		NodeLink link = this.only;
		return (link != null) ? link.isConnected() : this.links.values().stream().anyMatch(NodeLink::isConnected);
	}

	boolean isClosed() {
		return this.closing.isDone();
	}

	void onClose(Runnable action) {
		this.closing.whenComplete((none, closed) -> action.run());
	}

	NotConnectedException notConnected() {
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
		Set<ServerNode> known = (routes != null) ? routes.nodes() : Set.of();
		List<CompletableFuture<Void>> waiters = known.stream().map((node) -> to(node).whenConnected()).toList();
		CompletableFuture<?> any = CompletableFuture.anyOf(waiters.toArray(CompletableFuture[]::new));
		any.whenComplete((connected, failure) -> waiters.forEach((waiter) -> waiter.cancel(false)));
		return any;
	}

	void reset() {
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

	void close() {
		this.topology.removeListener(this.onChange);
		this.closing.completeExceptionally(new CancellationException());
		this.links.values().forEach(NodeLink::close);
		// Kept: a closed link says so.
	}

}
