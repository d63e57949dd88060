package dev.pubsub.redis.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;

/**
 * Moves slots from one master to another as an administrator's tool does, key by key,
 * while clients go on: they are told {@code ASK} and {@code TRYAGAIN} meanwhile.
 */
final class SlotMove implements AutoCloseable {

	/** Valkey waits for its replicas before it says that a slot has moved. */
	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final String MIGRATE_TIMEOUT = "5000";

	private final RawConnection source;

	private final RawConnection target;

	private final List<RawConnection> others;

	private final String sourceId;

	private final String targetId;

	private final int targetPort;

	/**
	 * Prepare to move slots.
	 * @param from the master that serves them
	 * @param to the master that will
	 * @param masters all masters, who are told when it is done
	 */
	SlotMove(RedisServerProcess from, RedisServerProcess to, List<RedisServerProcess> masters) {
		this.sourceId = ClusterView.of(from).self().id();
		this.targetId = ClusterView.of(to).self().id();
		this.targetPort = to.port();
		this.source = from.connect(TIMEOUT);
		this.target = to.connect(TIMEOUT);
		this.others = masters.stream()
			.filter((master) -> master != from && master != to)
			.map((master) -> master.connect(TIMEOUT))
			.toList();
	}

	void move(int number) {
		String slot = "" + number;
		send(this.target, "CLUSTER", "SETSLOT", slot, "IMPORTING", this.sourceId);
		send(this.source, "CLUSTER", "SETSLOT", slot, "MIGRATING", this.targetId);
		moveKeys(slot);
		send(this.target, "CLUSTER", "SETSLOT", slot, "NODE", this.targetId);
		tellSource(slot);
		this.others.forEach((other) -> send(other, "CLUSTER", "SETSLOT", slot, "NODE", this.targetId));
	}

	/**
	 * Valkey refuses to move slots while the replicas of a master are not in sync, be it
	 * for a moment.
	 */
	private static void send(RawConnection node, String... command) {
		if (!isSent(node, command)) {
			Awaitility.await("the replicas are in sync")
				.atMost(Duration.ofSeconds(30))
				.until(() -> isSent(node, command));
		}
	}

	private static boolean isSent(RawConnection node, String... command) {
		try {
			node.send(command);
			return true;
		}
		catch (IllegalStateException ex) {
			if (!String.valueOf(ex.getMessage()).startsWith("NOREPLICAS")) {
				throw ex;
			}
			return false;
		}
	}

	/**
	 * A source that has given away its last slot becomes a replica of the heir as soon as
	 * it hears of that, which may be before it is told here.
	 */
	private void tellSource(String slot) {
		try {
			send(this.source, "CLUSTER", "SETSLOT", slot, "NODE", this.targetId);
		}
		catch (IllegalStateException ex) {
			if (!String.valueOf(ex.getMessage()).contains("only with masters")) {
				throw ex;
			}
		}
	}

	@Override
	public void close() {
		this.source.close();
		this.target.close();
		this.others.forEach(RawConnection::close);
	}

	private void moveKeys(String slot) {
		List<?> keys = keys(slot);
		while (!keys.isEmpty()) {
			List<String> migrate = new ArrayList<>(
					List.of("MIGRATE", RedisLauncher.HOST, "" + this.targetPort, "", "0", MIGRATE_TIMEOUT, "KEYS"));
			keys.forEach((key) -> migrate.add(String.valueOf(key)));
			send(this.source, migrate.toArray(String[]::new));
			keys = keys(slot);
		}
	}

	private List<?> keys(String slot) {
		return (this.source.send("CLUSTER", "GETKEYSINSLOT", slot, "100") instanceof List<?> keys) ? keys : List.of();
	}

}
