package dev.pubsub.redis.internal.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.lettuce.core.RedisURI;

/**
 * Asks servers whose addresses are configured which of them is the master. None knows of
 * the others: while the one that is used says that it is the master, it is. Thread-safe.
 */
final class MasterDiscovery implements Discovery {

	private static final String MASTER = "master";

	private final ServerNodes nodes;

	private final NodeQuery query;

	MasterDiscovery(ServerNodes nodes, NodeQuery query) {
		this.nodes = nodes;
		this.query = query;
	}

	@Override
	public List<RedisURI> configured() {
		return this.nodes.configured().stream().map(ServerNode::uri).toList();
	}

	@Override
	public CompletableFuture<ServerView> ask(RedisURI source) {
		return this.query.ask(source, (commands) -> commands.role())
			.thenApply((role) -> ServerView.of(isMaster(role) ? claim(source) : null));
	}

	private static boolean isMaster(List<Object> role) {
		return !role.isEmpty() && MASTER.equals(String.valueOf(role.get(0)));
	}

	private Claim claim(RedisURI source) {
		return new Claim(this.nodes.at(source.getHost(), source.getPort()), 0);
	}

}
