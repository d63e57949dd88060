package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.internal.delivery.SimulatedStep.Action;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.listener.HandlerTimeoutException;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.test.virtual.VirtualTime;
import org.jspecify.annotations.Nullable;

/**
 * Several nodes with the real engine on one group in memory, in virtual time: what
 * happens to them, and in which order their threads run, follows from a seed. After the
 * last fault everything must be settled in the end.
 */
final class Simulation {

	static final int NODES = 3;

	private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);

	private static final Duration PATIENCE = Duration.ofMinutes(3);

	private static final int BREAKS_OFF_ONE_IN = 20;

	private final long seed;

	private final List<SimulatedStep> steps;

	private final FakeGroupClient.Factory clients;

	private final VirtualTime time;

	private final SimulatedServer server;

	private final SimulationInvariants invariants;

	private final @Nullable SimulatedNode[] nodes = new SimulatedNode[NODES];

	private final SimulatedMode mode;

	private final @Nullable List<String> trace;

	private int started;

	private int published;

	private boolean calm;

	private long calmSince;

	/**
	 * Create a simulation.
	 * @param clients give the commands on the group
	 * @param trace receives a line for each event, if wanted
	 */
	Simulation(long seed, List<SimulatedStep> steps, FakeGroupClient.Factory clients, @Nullable List<String> trace) {
		this.seed = seed;
		this.steps = steps;
		this.clients = clients;
		this.trace = trace;
		this.time = new VirtualTime(seed);
		this.time.setBreaksOff(BREAKS_OFF_ONE_IN);
		this.server = new SimulatedServer(this.time, new StreamGroup("orders", "billing"));
		this.mode = SimulatedMode.of(seed);
		this.server.group.hasXackdel = this.mode.inOneStep();
		this.invariants = new SimulationInvariants(this.time, this.server, this.mode,
				this.mode.subscription((messages, acknowledgments) -> {
				}));
		this.server.group.watch(this.invariants);
	}

	SimulationInvariants invariants() {
		return this.invariants;
	}

	/**
	 * Return whether the faults are over: handlers are well, too.
	 */
	boolean isCalm() {
		return this.calm;
	}

	/**
	 * Run.
	 * @return why it failed, {@code null} if it did not
	 */
	@Nullable Throwable run() {
		try {
			trace(null, "%s", this.mode);
			this.time.after(0, null, this::check);
			schedule(0);
			this.time.run(() -> this.calm, Duration.ofHours(1));
			if (this.time.failure() == null) {
				this.time.run(this::isSettled, PATIENCE);
				finish();
			}
			return this.time.failure();
		}
		finally {
			for (SimulatedNode node : this.nodes) {
				if (node != null && !node.process().isDead()) {
					node.kill();
				}
			}
			this.time.close();
		}
	}

	long count() {
		return this.time.steps();
	}

	private void finish() {
		String unsettled = this.invariants.unsettled();
		if (this.time.failure() == null && unsettled != null) {
			this.time.fail(new AssertionError(
					"I3: not settled " + PATIENCE.toSeconds() + " s after the last fault: " + unsettled));
		}
		this.invariants.checkTheEnd();
	}

	private boolean isSettled() {
		return this.server.group.pending.isEmpty() && (!this.server.group.streamExists || this.server.group.groupExists)
				&& this.server.group.entries.higherKey(this.server.group.delivered) == null
				&& this.invariants.unsettled() == null && this.invariants.undeleted() == null;
	}

	private void schedule(int number) {
		if (number == this.steps.size()) {
			calmDown();
			return;
		}
		SimulatedStep step = this.steps.get(number);
		perform(step);
		this.time.after(Duration.ofMillis(step.pause()).toNanos(), null, () -> schedule(number + 1));
	}

	private void calmDown() {
		trace(null, "is calm from now on");
		this.server.heal();
		this.time.setBreaksOff(0);
		boolean any = false;
		for (SimulatedNode node : this.nodes) {
			if (node != null && !node.process().isDead()) {
				node.heal();
				node.resume();
				any |= !node.isStopped();
			}
		}
		if (!any) {
			start(0);
		}
		start(1);
		this.calm = true;
		this.calmSince = this.time.now();
	}

	private void check() {
		long since = Math.max(this.calmSince, this.server.wellSince());
		boolean free = false;
		for (SimulatedNode node : this.nodes) {
			if (node != null && !node.process().isDead()) {
				since = Math.max(since, node.wellSince());
				free |= node.isReading();
			}
		}
		this.invariants.check(since, free && this.calm);
		this.time.after(CHECK_INTERVAL.toNanos(), null, this::check);
	}

	private void perform(SimulatedStep step) {
		trace(null, "%s", step);
		if (step.action().losesReplies()) {
			this.invariants.replyLost();
		}
		SimulatedNode node = this.nodes[step.node()];
		long nanos = Duration.ofMillis(step.size() * 150L).toNanos();
		switch (step.action()) {
			case PUBLISH -> publish(1 + step.size() % 12);
			case START -> start(step.node());
			case FREEZE_SERVER -> this.server.freeze(nanos);
			case REFUSE -> this.server.refuse(SimulatedServer.Refusal.values()[1 + step.size() % 4], nanos);
			case JUMP -> this.server.jump((step.size() - 30) * 300L);
			case TRIM -> trim(step.size());
			case LOSE_GROUP -> this.server.group.destroy();
			case LOSE_OWNER -> loseOwner();
			case STOP, CRASH, PAUSE, RESUME, FREEZE_NODE, NO_THREAD, CUT, LOSE_REPLY, SWALLOW -> {
				if (node != null && !node.process().isDead()) {
					perform(step, node, nanos);
				}
			}
		}
	}

	private void perform(SimulatedStep step, SimulatedNode node, long nanos) {
		if (step.action() != Action.PAUSE && step.action() != Action.RESUME) {
			node.troubled(nanos);
		}
		switch (step.action()) {
			case STOP -> node.stop();
			case CRASH -> crash(step.node(), node);
			case PAUSE -> node.pause();
			case RESUME -> node.resume();
			case FREEZE_NODE -> node.freeze(nanos);
			case NO_THREAD -> node.process().runOutOfThreads(nanos);
			case CUT -> node.link(step.size()).cut();
			case LOSE_REPLY -> node.link(step.size()).loseReply();
			case SWALLOW -> node.link(step.size()).swallow(nanos);
			default -> throw new IllegalArgumentException(step.toString());
		}
	}

	/**
	 * A failover loses that the owner took the stream.
	 */
	private void loseOwner() {
		if (this.mode.ordered()) {
			this.server.group.ownership.rollBack();
			this.invariants.turns().ownerLost();
		}
	}

	private void publish(int count) {
		for (int i = 0; i < count; i++) {
			EntryFields.Builder fields = EntryFields.builder().add("n", Integer.toString(i));
			String key = this.mode.keyOf(this.seed, this.published++);
			if (key != null) {
				fields.add(EntryFormat.KEY, key);
			}
			EntryId id = this.server.group.nextId();
			this.invariants.published(id, key);
			this.server.group.add(fields.build());
		}
	}

	private void trim(int size) {
		List<EntryId> ids = new ArrayList<>(this.server.group.entries.keySet());
		for (int i = 0; i < Math.min(ids.size(), size % 6); i++) {
			EntryId id = ids.get(new Random(this.seed + size + i).nextInt(ids.size()));
			if (this.server.group.remove(id)) {
				this.invariants.removed(id);
			}
		}
	}

	private void start(int number) {
		SimulatedNode present = this.nodes[number];
		if (present != null && !present.process().isDead()) {
			present.start();
			return;
		}
		SimulatedHandler handler = new SimulatedHandler(this, this.mode, this.seed);
		Subscription subscription = this.mode.subscription(handler);
		SimulatedNode[] node = new SimulatedNode[1];
		node[0] = new SimulatedNode(this.time, this.server, "node" + number + "." + this.started++, subscription,
				(event) -> observed(node[0], event), (server, consumer, wire) -> {
					this.invariants.consumers().join(consumer, node[0]);
					return this.clients.of(server, consumer, wire);
				});
		handler.setNode(node[0]);
		this.nodes[number] = node[0];
		node[0].start();
	}

	private void observed(SimulatedNode node, MessageEvent event) {
		if (node.process().isDead()) {
			return;
		}
		trace(node, "tells %s", event);
		EntryId id = EntryId.parse(event.id().getValue());
		if (event.outcome() == Outcome.PAYLOAD_LOST) {
			this.invariants.told(id);
		}
		boolean stuck = event.kind() == MessageEvent.Kind.STUCK;
		if (event.outcome() == Outcome.LEASE_LOST || stuck) {
			this.invariants.consumers().abandon(node, id, event.attempt(), stuck);
		}
		if (event.error() instanceof HandlerTimeoutException) {
			this.invariants.timedOut(id, event.attempt());
		}
	}

	private void crash(int number, SimulatedNode node) {
		node.kill();
		this.invariants.gone(node);
		this.nodes[number] = null;
	}

	void trace(@Nullable SimulatedNode node, String text, Object... values) {
		if (this.trace != null) {
			this.trace.add(String.format(Locale.ROOT, "%10.4f %s %s", this.time.now() / 1e9,
					(node != null) ? node : "world", String.format(Locale.ROOT, text, values)));
		}
	}

}
