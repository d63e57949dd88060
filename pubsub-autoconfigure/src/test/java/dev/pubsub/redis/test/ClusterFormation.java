package dev.pubsub.redis.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.lettuce.core.cluster.SlotHash;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * Makes a cluster of single servers by commands alone, since not every server comes with
 * a {@code redis-cli}.
 */
final class ClusterFormation {

	private ClusterFormation() {
	}

	/**
	 * Start nodes and let them form a cluster.
	 * @param masters number of masters, which share all slots evenly
	 * @param replicas number of replicas of each master
	 * @param options of every node
	 * @return the nodes: masters first, then the first replica of each master, and so on
	 */
	static List<RedisServerProcess> form(int masters, int replicas, List<String> options) {
		List<RedisServerProcess> nodes = new ArrayList<>();
		try {
			for (int i = 0; i < masters * (1 + replicas); i++) {
				nodes.add(startNode(options));
			}
			join(masters, nodes);
			return nodes;
		}
		catch (RuntimeException ex) {
			nodes.forEach(RedisServerProcess::close);
			throw ex;
		}
	}

	/**
	 * Let nodes form a cluster that do not know each other.
	 * @param masters number of masters, which share all slots evenly
	 * @param nodes masters first, then the first replica of each master, and so on
	 */
	static void join(int masters, List<RedisServerProcess> nodes) {
		for (int i = 0; i < masters; i++) {
			nodes.get(i).send("CLUSTER", "SET-CONFIG-EPOCH", "" + (i + 1));
			nodes.get(i)
				.send(slots("ADDSLOTS", i * SlotHash.SLOT_COUNT / masters, (i + 1) * SlotHash.SLOT_COUNT / masters));
		}
		nodes.stream().skip(1).forEach((node) -> meet(nodes.get(0), node));
		awaitComplete(nodes);
		for (int i = masters; i < nodes.size(); i++) {
			replicate(nodes.get(i), nodes.get(i % masters));
		}
		awaitHealthy(nodes);
	}

	static RedisServerProcess startNode(List<String> options) {
		RedisBinary binary = RedisBinary.of(RedisChoice.get());
		List<String> all = new ArrayList<>(options);
		if (options.contains("--tls-cluster")) {
			all.addAll(List.of("--tls-port", "" + Ports.freeWithBus()));
		}
		return RedisServerProcess.start(RedisLauncher.of(binary, all.toArray(String[]::new)), Ports::freeWithBus);
	}

	static void meet(RedisServerProcess one, RedisServerProcess other) {
		one.send("CLUSTER", "MEET", RedisLauncher.HOST, "" + (other.hasTls() ? other.tlsPort() : other.port()));
	}

	static void awaitComplete(List<RedisServerProcess> nodes) {
		await("all nodes know each other")
			.until(() -> nodes.stream().allMatch((node) -> ClusterView.of(node).isComplete(nodes.size())));
	}

	static void awaitKnown(List<RedisServerProcess> nodes, RedisServerProcess added) {
		await("all nodes know " + added).until(() -> isServing(added) && nodes.stream().allMatch((node) -> {
			ClusterView theirs = ClusterView.of(node);
			ClusterView own = ClusterView.of(added);
			return theirs.at(added.port()).filter((seen) -> !seen.isInHandshake()).isPresent()
					&& own.at(node.port()).filter((seen) -> !seen.isInHandshake()).isPresent();
		}));
	}

	static void replicate(RedisServerProcess replica, RedisServerProcess master) {
		replica.send("CLUSTER", "REPLICATE", ClusterView.of(master).self().id());
	}

	/**
	 * Wait until every node says that all slots are served, and every replica has its
	 * master's data.
	 */
	static void awaitHealthy(List<RedisServerProcess> nodes) {
		await("the cluster is healthy").until(() -> nodes.stream().allMatch((node) -> isHealthy(node, nodes)));
	}

	private static boolean isHealthy(RedisServerProcess node, List<RedisServerProcess> nodes) {
		ClusterView view = ClusterView.of(node);
		boolean sameRoles = nodes.stream()
			.allMatch((other) -> view.at(other.port())
				.filter((seen) -> seen.isMaster() == ClusterView.of(other).self().isMaster())
				.isPresent());
		return sameRoles && isServing(node) && (view.self().isMaster() || isInSync(node));
	}

	private static boolean isServing(RedisServerProcess node) {
		return String.valueOf(node.send("CLUSTER", "INFO")).contains("cluster_state:ok");
	}

	static boolean isInSync(RedisServerProcess replica) {
		return String.valueOf(replica.send("INFO", "replication")).contains("master_link_status:up");
	}

	static ConditionFactory await(String condition) {
		return Awaitility.await(condition)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(30))
			.ignoreExceptions();
	}

	private static String[] slots(String command, int from, int to) {
		List<String> args = new ArrayList<>(List.of("CLUSTER", command));
		for (int slot = from; slot < to; slot++) {
			args.add("" + slot);
		}
		return args.toArray(String[]::new);
	}

}
