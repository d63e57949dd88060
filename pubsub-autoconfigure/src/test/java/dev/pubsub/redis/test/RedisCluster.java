package dev.pubsub.redis.test;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.lettuce.core.cluster.SlotHash;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that belongs to one test, which may kill, freeze and restart its nodes, move
 * slots, and add and remove nodes. Real processes of the server that
 * {@code PUBSUB_TEST_REDIS} names, on ports of their own. Masters fail over within about
 * two seconds; slots whose master is gone do not stop the others. Not safe for use from
 * many threads.
 */
public final class RedisCluster implements AutoCloseable {

	private static final List<String> OPTIONS = List.of("--cluster-enabled", "yes", "--cluster-require-full-coverage",
			"no", "--cluster-migration-barrier", "10", "--cluster-replica-validity-factor", "0", "--repl-diskless-sync",
			"yes", "--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1", "--cluster-node-timeout",
			"1500");

	private final List<String> options;

	private final List<RedisServerProcess> nodes;

	private RedisCluster(int masters, int replicas, List<String> options) {
		this.options = options;
		this.nodes = new ArrayList<>(ClusterFormation.form(masters, replicas, options));
	}

	/**
	 * Start three masters with a replica each.
	 * @param extraArgs options of all nodes as on the command line, such as
	 * {@code "--cluster-node-timeout", "60000"}
	 * @return the cluster, which is healthy
	 */
	public static RedisCluster start(String... extraArgs) {
		return start(3, 1, extraArgs);
	}

	/**
	 * Start three masters with a replica each that speak TLS, to each other as well.
	 * @param certificate a file with a certificate and its key, trusted by the nodes
	 * @return the cluster, which is healthy
	 */
	public static RedisCluster startWithTls(Path certificate) {
		return start("--tls-cluster", "yes", "--tls-replication", "yes", "--tls-auth-clients", "no", "--tls-cert-file",
				certificate.toString(), "--tls-key-file", certificate.toString(), "--tls-ca-cert-file",
				certificate.toString());
	}

	/**
	 * Start a cluster.
	 * @param masters number of masters; fewer than three elect no replica
	 * @param replicas number of replicas of each master
	 * @param extraArgs options of all nodes as on the command line
	 * @return the cluster, which is healthy
	 */
	public static RedisCluster start(int masters, int replicas, String... extraArgs) {
		return new RedisCluster(masters, replicas, Stream.concat(OPTIONS.stream(), Stream.of(extraArgs)).toList());
	}

	/**
	 * Return all nodes, dead ones included.
	 * @return masters first, as they were at the start
	 */
	public List<RedisServerProcess> nodes() {
		return List.copyOf(this.nodes);
	}

	/**
	 * Return all addresses, as {@code spring.data.redis.cluster.nodes} takes them.
	 * @return host and port of each node
	 */
	public List<String> addresses() {
		return this.nodes.stream().map(RedisServerProcess::address).toList();
	}

	/**
	 * Return all addresses for connections with TLS.
	 * @return host and port of each node
	 */
	public List<String> tlsAddresses() {
		return this.nodes.stream().map(RedisServerProcess::tlsAddress).toList();
	}

	/**
	 * Return the nodes that serve slots at the moment, by what each says about itself.
	 * @return the masters
	 */
	public List<RedisServerProcess> masters() {
		return answering().filter((node) -> ClusterView.of(node).self().servesSlots()).toList();
	}

	/**
	 * Return the node that serves a key at the moment, by what it says about itself.
	 * @param key the key
	 * @return the master
	 */
	public RedisServerProcess masterOf(String key) {
		int slot = SlotHash.getSlot(key);
		return answering().filter((node) -> ClusterView.of(node).self().serves(slot))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("No node serves slot " + slot + " of " + key));
	}

	/**
	 * Return the replicas of a node, dead ones left out.
	 * @param master the master
	 * @return its replicas
	 */
	public List<RedisServerProcess> replicasOf(RedisServerProcess master) {
		return answering().filter((node) -> node != master).filter((node) -> {
			ClusterView view = ClusterView.of(node);
			return view.at(master.port()).filter((seen) -> seen.id().equals(view.self().master())).isPresent();
		}).toList();
	}

	/**
	 * Return a key in a slot that a node serves.
	 * @param master the node
	 * @param name what the key starts with
	 * @return the name with a number, without a hash tag
	 */
	public String keyOn(RedisServerProcess master, String name) {
		ClusterView.Node self = ClusterView.of(master).self();
		return Stream.iterate(0, (number) -> number + 1)
			.map((number) -> name + number)
			.filter((key) -> self.serves(SlotHash.getSlot(key)))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Send a command to the node that serves a key.
	 * @param key the key, which decides about the node only
	 * @param args the command and its arguments
	 * @return a string, a {@code Long}, a list of these, or {@code null}
	 */
	public @Nullable Object execute(String key, String... args) {
		return masterOf(key).send(args);
	}

	/**
	 * Wait until a node serves a key, after the master that did so was killed or frozen.
	 * @param key the key
	 * @return the master, which was promoted
	 */
	public RedisServerProcess awaitMasterOf(String key) {
		ClusterFormation.await("a replica takes over the slot of " + key).until(() -> masterOf(key).isAnswering());
		return masterOf(key);
	}

	/**
	 * Wait until all slots are served, all answering nodes agree about their roles, and
	 * all replicas have their masters' data.
	 */
	public void awaitHealthy() {
		ClusterFormation.awaitHealthy(answering().toList());
	}

	/**
	 * Move slots with all their keys, while clients go on.
	 * @param from the master that serves them
	 * @param to the master that will
	 * @param count number of slots
	 */
	public void moveSlots(RedisServerProcess from, RedisServerProcess to, int count) {
		List<Integer> slots = ClusterView.of(from).self().allSlots();
		try (SlotMove move = new SlotMove(from, to, masters())) {
			slots.subList(0, Math.min(count, slots.size())).forEach(move::move);
		}
	}

	/**
	 * Add a master that serves no slots yet.
	 * @return the node, which all others know
	 */
	public RedisServerProcess addMaster() {
		RedisServerProcess node = ClusterFormation.startNode(this.options);
		List<RedisServerProcess> before = answering().toList();
		this.nodes.add(node);
		ClusterFormation.meet(before.get(0), node);
		ClusterFormation.awaitKnown(before, node);
		return node;
	}

	/**
	 * Add a replica.
	 * @param master its master
	 * @return the node, which has its master's data
	 */
	public RedisServerProcess addReplica(RedisServerProcess master) {
		RedisServerProcess node = addMaster();
		ClusterFormation.replicate(node, master);
		ClusterFormation.await("the new replica is in sync").until(() -> ClusterFormation.isInSync(node));
		return node;
	}

	/**
	 * Remove a node: a master gives its slots to another one before. The process ends.
	 * @param node the node
	 */
	public void remove(RedisServerProcess node) {
		ClusterView.Node self = ClusterView.of(node).self();
		if (self.servesSlots()) {
			RedisServerProcess heir = masters().stream().filter((master) -> master != node).findFirst().orElseThrow();
			moveSlots(node, heir, SlotHash.SLOT_COUNT);
			replicasOf(node).forEach((replica) -> ClusterFormation.replicate(replica, heir));
		}
		this.nodes.remove(node);
		node.close();
		answering().forEach((other) -> other.send("CLUSTER", "FORGET", self.id()));
	}

	/**
	 * Make the nodes that answer forget all, and form another cluster of them, all of
	 * them masters.
	 */
	public void formAnew() {
		List<RedisServerProcess> left = answering().toList();
		left.forEach((node) -> {
			node.send("FLUSHALL");
			node.send("CLUSTER", "RESET", "HARD");
		});
		ClusterFormation.join(left.size(), left);
	}

	/**
	 * Start dead nodes again, resume frozen ones, and wait until all is well.
	 */
	public void repair() {
		this.nodes.forEach(RedisServerProcess::repair);
		awaitHealthy();
	}

	@Override
	public void close() {
		this.nodes.forEach(RedisServerProcess::close);
	}

	@Override
	public String toString() {
		return "cluster " + addresses();
	}

	private Stream<RedisServerProcess> answering() {
		return this.nodes.stream().filter(RedisServerProcess::isAnswering);
	}

}
