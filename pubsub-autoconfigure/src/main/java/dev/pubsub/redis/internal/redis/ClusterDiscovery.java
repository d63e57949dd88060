package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;

import dev.pubsub.redis.internal.redis.Routes.Owner;
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

	/**
	 * Enough to find a majority of most clusters, and not so many that clients are a
	 * burden to a large one that is in trouble.
	 */
	private static final int MOST_SOURCES = 5;

	private final ServerNodes nodes;

	private final NodeQuery query;

	private final Set<ServerNode> known = ConcurrentHashMap.newKeySet();

	ClusterDiscovery(ServerNodes nodes, NodeQuery query) {
		this.nodes = nodes;
		this.query = query;
	}

	@Override
	public boolean isSharded() {
		return true;
	}

	/**
	 * Return some masters and replicas, and the configured nodes where there is room:
	 * none of those that are known now may have been there at the start.
	 */
	@Override
	public List<RedisURI> sources(@Nullable Routes routes) {
		List<ServerNode> heard = new ArrayList<>(this.known);
		List<ServerNode> configured = new ArrayList<>(this.nodes.configured());
		Collections.shuffle(heard);
		Collections.shuffle(configured);
		Set<ServerNode> sources = new LinkedHashSet<>(heard.subList(0, Math.min(heard.size(), MOST_SOURCES - 1)));
		sources.addAll(configured);
		return sources.stream().limit(MOST_SOURCES).map(ServerNode::uri).toList();
	}

	@Override
	public CompletableFuture<@Nullable Owner[]> ask(RedisURI source) {
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
	@Nullable Owner[] view(String text, RedisURI source) {
		@Nullable Owner[] view = new Owner[SlotHash.SLOT_COUNT];
		Set<ServerNode> heard = new LinkedHashSet<>();
		for (RedisClusterNode node : ClusterPartitionParser.parse(withOwnHost(text, source))) {
			if (node.is(RedisClusterNode.NodeFlag.NOADDR) || node.is(RedisClusterNode.NodeFlag.HANDSHAKE)) {
				continue;
			}
			ServerNode server = this.nodes.at(node.getUri().getHost(), node.getUri().getPort());
			if (!node.is(RedisClusterNode.NodeFlag.FAIL)) {
				heard.add(server);
			}
			Owner owner = new Owner(server, node.getConfigEpoch());
			if (node.is(RedisClusterNode.NodeFlag.UPSTREAM)) {
				node.forEachSlot((slot) -> view[slot] = owner);
			}
		}
		if (!heard.isEmpty()) {
			this.known.retainAll(heard);
			this.known.addAll(heard);
		}
		return view;
	}

}
