package dev.pubsub.redis.internal.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.internal.redis.Routes.Owner;
import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers whose addresses are configured which of them is the master. Thread-safe:
 * its own lock guards the last answer.
 */
final class MasterDiscovery implements Discovery {

	private static final String MASTER = "master";

	private final ServerNodes nodes;

	private final NodeQuery query;

	private @Nullable Owner last;

	MasterDiscovery(ServerNodes nodes, NodeQuery query) {
		this.nodes = nodes;
		this.query = query;
	}

	/**
	 * Return the present master alone: while it says that it is the master, no other one
	 * is looked for, and where it does not, {@link #ask} looks at all.
	 */
	@Override
	public List<RedisURI> sources(@Nullable Routes routes) {
		ServerNode present = (routes != null) ? routes.only() : null;
		return List.of((present != null) ? present.uri() : this.nodes.configured().get(0).uri());
	}

	@Override
	public CompletableFuture<@Nullable Owner[]> ask(RedisURI source) {
		return isMaster(source).exceptionally((failure) -> false).thenCompose((master) -> {
			if (master) {
				return CompletableFuture.completedFuture(new Owner[] { owner(source) });
			}
			return firstMaster(source);
		});
	}

	private CompletableFuture<@Nullable Owner[]> firstMaster(RedisURI except) {
		CompletableFuture<@Nullable Owner[]> found = new CompletableFuture<>();
		List<CompletableFuture<Boolean>> asked = this.nodes.configured()
			.stream()
			.map(ServerNode::uri)
			.filter((uri) -> !uri.equals(except))
			.map((uri) -> isMaster(uri).whenComplete((master, failure) -> {
				if (failure == null && master) {
					found.complete(new Owner[] { owner(uri) });
				}
			}).exceptionally((failure) -> false))
			.toList();
		CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
			.whenComplete((all, failure) -> found.complete(new Owner[1]));
		return found;
	}

	private CompletableFuture<Boolean> isMaster(RedisURI uri) {
		return this.query.ask(uri, (commands) -> commands.role())
			.thenApply((role) -> !role.isEmpty() && MASTER.equals(String.valueOf(role.get(0))));
	}

	private synchronized Owner owner(RedisURI uri) {
		ServerNode node = this.nodes.at(uri.getHost(), uri.getPort());
		Owner before = this.last;
		if (before == null || before.node() != node) {
			before = new Owner(node, (before != null) ? before.epoch() + 1 : 0);
			this.last = before;
		}
		return before;
	}

}
