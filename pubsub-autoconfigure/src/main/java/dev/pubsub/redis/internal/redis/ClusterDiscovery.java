package dev.pubsub.redis.internal.redis;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.ClusterPartitionParser;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import org.jspecify.annotations.Nullable;

/**
 * Asks the nodes of a cluster. Each tells what it has heard, some of it late: the later
 * of two claims on a slot is the one with the higher epoch. Thread-safe.
 */
final class ClusterDiscovery implements Discovery {

	private final ServerNodes nodes;

	private final NodeQuery query;

	ClusterDiscovery(ServerNodes nodes, NodeQuery query) {
		this.nodes = nodes;
		this.query = query;
	}

	@Override
	public boolean isSharded() {
		return true;
	}

	@Override
	public List<RedisURI> configured() {
		return this.nodes.configured().stream().map(ServerNode::uri).toList();
	}

	@Override
	public CompletableFuture<ServerView> ask(RedisURI source) {
		return this.query.ask(source, (commands) -> commands.clusterNodes().thenCompose((text) -> {
			ClusterAddresses addresses = new ClusterAddresses(text, source.getHost());
			if (!addresses.haveNames()) {
				return CompletableFuture.completedFuture(view(addresses.byAddress()));
			}
			return commands.clusterSlots()
				.thenApply(addresses::asServersWish)
				.exceptionally((failure) -> text)
				.thenApply(this::view);
		}));
	}

	/**
	 * Read what a node says about all nodes.
	 */
	ServerView view(String text) {
		@Nullable Claim[] claims = new Claim[SlotHash.SLOT_COUNT];
		Set<RedisURI> members = new LinkedHashSet<>();
		for (RedisClusterNode node : ClusterPartitionParser.parse(text)) {
			if (node.is(RedisClusterNode.NodeFlag.NOADDR) || node.is(RedisClusterNode.NodeFlag.HANDSHAKE)) {
				continue;
			}
			ServerNode server = this.nodes.at(node.getUri().getHost(), node.getUri().getPort());
			if (!node.is(RedisClusterNode.NodeFlag.FAIL)) {
				members.add(server.uri());
			}
			Claim claim = new Claim(server, node.getConfigEpoch());
			if (node.is(RedisClusterNode.NodeFlag.UPSTREAM)) {
				node.forEachSlot((slot) -> claims[slot] = claim);
			}
		}
		return new ServerView(claims, members);
	}

}
