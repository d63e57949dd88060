package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisServerProcess;
import io.lettuce.core.cluster.SlotHash;

import static org.awaitility.Awaitility.await;

/**
 * One slot that a test moves from master to master, step by step.
 */
final class MovingSlot {

	private static final String MIGRATE_TIMEOUT = Long.toString(Duration.ofSeconds(1).toMillis());

	private final RedisCluster cluster;

	private final String slot;

	MovingSlot(RedisCluster cluster, String key) {
		this.cluster = cluster;
		this.slot = Integer.toString(SlotHash.getSlot(key));
	}

	/**
	 * Return a key of another slot on the same master.
	 */
	static String besides(RedisCluster cluster, RedisServerProcess master, String key) {
		return Stream.iterate(0, (number) -> number + 1)
			.map((number) -> cluster.keyOn(master, "beside" + number + "-"))
			.filter((other) -> SlotHash.getSlot(other) != SlotHash.getSlot(key))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * Begin to move: the source answers {@code ASK} for keys that it does not have.
	 */
	void begin(RedisServerProcess from, RedisServerProcess to) {
		to.send("CLUSTER", "SETSLOT", this.slot, "IMPORTING", id(from));
		from.send("CLUSTER", "SETSLOT", this.slot, "MIGRATING", id(to));
	}

	/**
	 * Move the keys that the source has now.
	 */
	void moveKeys(RedisServerProcess from, RedisServerProcess to) {
		while (from.send("CLUSTER", "GETKEYSINSLOT", this.slot, "10") instanceof List<?> keys && !keys.isEmpty()) {
			keys.forEach((key) -> from.send("MIGRATE", to.host(), "" + to.port(), String.valueOf(key), "0",
					MIGRATE_TIMEOUT));
		}
	}

	/**
	 * Have all masters say that the slot has moved.
	 */
	void finish(RedisServerProcess from, RedisServerProcess to) {
		String id = id(to);
		to.send("CLUSTER", "SETSLOT", this.slot, "NODE", id);
		from.send("CLUSTER", "SETSLOT", this.slot, "NODE", id);
		this.cluster.masters()
			.stream()
			.filter((master) -> master != from && master != to)
			.forEach((master) -> master.send("CLUSTER", "SETSLOT", this.slot, "NODE", id));
	}

	/**
	 * Have one master say that another has the slot, which it may be wrong about.
	 */
	void assign(RedisServerProcess teller, String id) {
		teller.send("CLUSTER", "SETSLOT", this.slot, "NODE", id);
	}

	/**
	 * Wait until all masters have heard of the last move: one that has not would believe
	 * the next one to be the same.
	 */
	void awaitAgreement(RedisServerProcess owner) {
		String id = id(owner);
		await().pollInterval(Duration.ofMillis(10))
			.until(() -> this.cluster.masters().stream().map((master) -> epoch(master, id)).distinct().count() == 1);
	}

	private static String epoch(RedisServerProcess teller, String id) {
		return String.valueOf(teller.send("CLUSTER", "NODES"))
			.lines()
			.filter((line) -> line.startsWith(id))
			.map((line) -> line.split(" ")[6])
			.findFirst()
			.orElseThrow();
	}

	static String id(RedisServerProcess node) {
		return String.valueOf(node.send("CLUSTER", "MYID"));
	}

}
