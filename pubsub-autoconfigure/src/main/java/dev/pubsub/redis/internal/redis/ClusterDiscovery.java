package dev.pubsub.redis.internal.redis;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;

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
		return this.query.ask(source, (commands) -> commands.clusterNodes().toCompletableFuture())
			.thenApply((text) -> view(text, source));
	}

	/**
	 * A node that does not know its own address is where it was asked.
	 */
	private static String withOwnHost(String text, RedisURI source) {
		return text.replaceAll("(?m)^(\\S+ ):(?=\\d+[@ ,])", "$1" + Matcher.quoteReplacement(source.getHost()) + ":");
	}

	/**
	 * Read what a node says about all nodes.
	 */
	ServerView view(String text, RedisURI source) {
		@Nullable Claim[] claims = new Claim[SlotHash.SLOT_COUNT];
		Set<RedisURI> members = new LinkedHashSet<>();
		for (RedisClusterNode node : ClusterPartitionParser.parse(withOwnHost(text, source))) {
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
