package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.listener.AckMode;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.test.virtual.VirtualTime;
import org.jspecify.annotations.Nullable;

/**
 * What must hold in each step of a simulation: I1 to I6 and I9 of the delivery algorithm.
 * (I7 and I8 are about publishing and cron jobs.) Where messages are acknowledged as they
 * are delivered, there are no leases: I4 says that none starts twice, and the others
 * speak of nothing.
 */
final class SimulationInvariants implements FakeGroup.Watcher {

	private static final long TIMER_MARGIN = Duration.ofMillis(1500).toNanos();

	private final VirtualTime time;

	private final SimulatedServer server;

	private final SimulatedMode mode;

	private final Subscription subscription;

	private final Map<EntryId, SimulatedMessage> messages = new LinkedHashMap<>();

	private final Set<String> started = new HashSet<>();

	private final SimulatedConsumers consumers;

	private final SimulatedTurns turns;

	private boolean lossesTold = true;

	private long lastHang;

	SimulationInvariants(VirtualTime time, SimulatedServer server, SimulatedMode mode, Subscription subscription) {
		this.time = time;
		this.server = server;
		this.mode = mode;
		this.subscription = subscription;
		this.consumers = new SimulatedConsumers(mode.processes());
		this.turns = new SimulatedTurns(this.messages, this.consumers, this.time, server, mode, this::violated);
	}

	private void violated(String invariant, String text) {
		this.time.fail(new AssertionError(invariant + ": " + text));
	}

	private long lease() {
		return SimulatedMode.LEASE.toNanos();
	}

	SimulatedConsumers consumers() {
		return this.consumers;
	}

	SimulatedTurns turns() {
		return this.turns;
	}

	void published(EntryId id, @Nullable String key) {
		this.messages.put(id, new SimulatedMessage(this.messages.size(), key));
	}

	int numberOf(EntryId id) {
		return message(id).number;
	}

	private SimulatedMessage message(EntryId id) {
		return Objects.requireNonNull(this.messages.get(id), () -> "Never published: " + id);
	}

	/**
	 * A handler is called.
	 */
	SimulatedRun.Call called(SimulatedNode node, String consumer, OptionalLong token) {
		SimulatedRun.Call call = new SimulatedRun.Call(node, consumer, token.orElse(0), this.time.now(),
				SimulatedMode.TIMEOUT.toNanos());
		if (token.isPresent() != this.mode.ordered()) {
			violated("I10", consumer + " has a token of " + token);
		}
		int present = this.consumers.begin(call);
		if (present > SimulatedMode.THREADS) {
			violated("I5", present + " handlers run at once in " + consumer);
		}
		return call;
	}

	/**
	 * An attempt starts.
	 */
	SimulatedRun started(SimulatedRun.Call call, EntryId id, int attempt) {
		SimulatedRun run = new SimulatedRun(call, id, attempt);
		SimulatedMessage message = message(id);
		this.turns.starts(run, message);
		this.consumers.add(run);
		message.starts++;
		message.last = run;
		message.extended = 0;
		if (!message.isLoose) {
			if (!this.started.add(id + "/" + attempt)) {
				violated("I2", id + " is started twice in attempt " + attempt);
			}
			if (message.starts > this.mode.mostStarts(this.subscription)) {
				violated("I4", id + " is started " + message.starts + " times");
			}
			if (!this.mode.isAtMostOnce()) {
				checkLease(run, message);
			}
		}
		return run;
	}

	private void checkLease(SimulatedRun run, SimulatedMessage message) {
		FakeGroup.Pending pending = this.server.group.pending.get(run.id);
		boolean settled = pending == null && (message.acknowledgedBy != null || message.dead || message.removed);
		// Nothing can keep a node from standing still between its look at the lease and
		// the start.
		if (settled || hasJumped() || run.node().froze() || this.turns.ownerWasLost()) {
			return;
		}
		if (pending == null || !pending.consumer.equals(run.consumer())
				|| this.server.group.now() - pending.since > SimulatedMode.LEASE.toMillis()) {
			violated("I2", run.id + " is started by " + run.consumer() + " without a lease, "
					+ ((pending != null) ? "it is " + pending.consumer + "'s" : "it is not pending"));
		}
	}

	private boolean hasJumped() {
		return this.time.now() - this.server.lastJump() < 2 * lease();
	}

	/**
	 * A handler was given more time.
	 */
	void extended(List<SimulatedRun> runs, long nanos) {
		for (SimulatedRun run : runs) {
			run.call.extend(this.time.now() + nanos);
			message(run.id).extended = run.attempt;
			message(run.id).extendedUntil = this.time.now() + nanos;
		}
	}

	/**
	 * A node says that an attempt took too long.
	 */
	void timedOut(EntryId id, int attempt) {
		SimulatedMessage message = message(id);
		if (message.extended == attempt && this.time.now() < message.extendedUntil && !message.isLoose) {
			violated("I2", id + " is interrupted before the deadline that it was given");
		}
	}

	/**
	 * A handler returned.
	 */
	void ended(SimulatedRun run, boolean success) {
		SimulatedMessage message = message(run.id);
		message.failed |= !success;
		if (this.mode.isManual()) {
			run.undecided = success && !run.decided;
		}
		else {
			message.handled |= success || this.mode.ackMode() == AckMode.ALWAYS;
		}
		if (!run.undecided) {
			this.consumers.remove(run);
		}
	}

	/**
	 * A handler, or another thread for it, is about to say what becomes of a message.
	 */
	void decided(SimulatedRun run) {
		run.decided = true;
		if (run.undecided) {
			this.consumers.remove(run);
		}
	}

	/**
	 * A handler, or another thread for it, is about to say that a message is done.
	 */
	void acknowledged(SimulatedRun run) {
		message(run.id).handled = true;
		decided(run);
	}

	/**
	 * A node is gone, with all its handlers.
	 */
	void gone(SimulatedNode node) {
		this.lossesTold = false;
		this.consumers.leave(node);
	}

	/**
	 * A reply may be lost: a server that claims what has no payload forgets it.
	 */
	void replyLost() {
		this.lossesTold = false;
	}

	@Override
	public void released(EntryId id, int attempt) {
		if (this.started.remove(id + "/" + attempt)) {
			message(id).starts--;
		}
	}

	void removed(EntryId id) {
		message(id).removed = true;
	}

	void told(EntryId id) {
		message(id).lossTold = true;
	}

	@Override
	public void owns(String consumer, long token) {
		this.turns.owns(consumer, token);
	}

	@Override
	public void takenOver(EntryId id, String by) {
		message(id).holder = by;
	}

	@Override
	public void delivered(EntryId id, String consumer, int deliveries) {
		if (this.mode.ordered() && deliveries == 1) {
			this.turns.read(id, consumer);
		}
		message(id).lastTouch = this.time.now();
		message(id).holder = consumer;
		if (this.mode.isAtMostOnce()) {
			violated("I4", id + " is delivered and not acknowledged by that");
		}
	}

	@Override
	public void handedOver(EntryId id, String consumer) {
		message(id).holder = consumer;
		if (!this.mode.isAtMostOnce()) {
			violated("I1", id + " is acknowledged as it is delivered");
		}
	}

	@Override
	public void touched(EntryId id) {
		message(id).lastTouch = this.time.now();
	}

	@Override
	public void claimed(EntryId id, String from, String to, long idle) {
		boolean runs = this.consumers
			.isAnyRun((run) -> run.id.equals(id) && run.consumer().equals(from) && isToBeKept(run));
		SimulatedNode node = this.consumers.nodeOf(from);
		if (runs && node != null && !from.equals(to) && this.consumers.isPresent(from)
				&& this.time.now() - node.lastTrouble() > 2 * lease()
				&& this.time.now() - this.server.wellSince() > 2 * lease() && !hasJumped()) {
			violated("I2", to + " takes " + id + " from " + from + " which is well, and has it");
		}
		if (idle < SimulatedMode.LEASE.toMillis()) {
			violated("I2", to + " takes " + id + " from " + from + " which is idle for " + idle + " ms only");
		}
	}

	@Override
	public void acknowledged(EntryId id, String by) {
		SimulatedMessage message = message(id);
		message.acknowledgedBy = by;
		if (!message.handled && !message.removed) {
			violated("I1", id + " is acknowledged, and was never handled");
		}
	}

	@Override
	public void deleted(EntryId id) {
		SimulatedMessage message = message(id);
		if (!message.handled && !message.dead) {
			violated("I1", id + " is deleted, and was never handled");
		}
	}

	@Override
	public void deadLettered(EntryId id, FakeGroup.@Nullable Pending before, String by, long idle) {
		SimulatedMessage message = message(id);
		if (before != null && !before.consumer.equals(by) && idle < SimulatedMode.LEASE.toMillis()) {
			violated("I1", by + " gives up " + id + " which is " + before.consumer + "'s");
		}
		boolean hopeless = this.mode.isManual() || message.removed || message.handled || message.isLoose;
		if (before != null && !hopeless && before.deliveries < this.mode.mostStarts(this.subscription)) {
			violated("I1", by + " gives up " + id + " after " + before.deliveries + " deliveries");
		}
		// A letter of a removed entry cannot be told from a second one when its reply was
		// lost.
		if (message.dead && !message.isLoose && !message.removed) {
			violated("I4", id + " has two dead letters");
		}
		message.dead = true;
	}

	@Override
	public void consumerDeleted(String consumer, long pending) {
		if (pending > 0) {
			violated("I6", consumer + " is deleted with " + pending + " pending entries");
		}
	}

	/**
	 * The group is lost: what it knew of its messages may happen once more.
	 */
	@Override
	public void lost() {
		this.messages.values().forEach((message) -> message.isLoose = true);
	}

	@Override
	public void movedBack() {
		this.messages.values().forEach((message) -> message.isLoose = true);
	}

	/**
	 * Check what has to happen within a time, where nothing stood in the way.
	 * @param wellSince since when nothing was wrong with the server and any node
	 * @param isFree whether a node has a handler to spare
	 */
	void check(long wellSince, boolean isFree) {
		checkRenewals();
		this.server.group.pending.keySet()
			.stream()
			.filter(this.turns::mustWait)
			.forEach((id) -> message(id).lastTouch = this.time.now());
		long patience = lease() * 2 + 2 * this.subscription.options().claimInterval().toNanos()
				+ this.subscription.options().block().toNanos() + TIMER_MARGIN;
		if (this.consumers.isAnyRun((run) -> !run.undecided && run.call.isOverdue(this.time.now()))) {
			this.lastHang = this.time.now();
		}
		long calmSince = Math.max(wellSince, this.lastHang);
		if (!isFree || this.time.now() - calmSince < patience || hasJumped()) {
			return;
		}
		this.server.group.pending.forEach((id, pending) -> {
			if (this.time.now() - message(id).lastTouch > patience) {
				violated("I3", id + " of " + pending.consumer + " was not renewed for " + untouched(id) + " ms");
			}
		});
	}

	/**
	 * Return whether the lease of an attempt has to be kept: not when the message was
	 * delivered again since, and not for another thread's decision beyond a stop.
	 */
	private boolean isToBeKept(SimulatedRun run) {
		return message(run.id).last == run && run.isKept(this.time.now())
				&& !(run.undecided && run.node().isStopping());
	}

	private long untouched(EntryId id) {
		return Duration.ofNanos(this.time.now() - message(id).lastTouch).toMillis();
	}

	private void checkRenewals() {
		for (SimulatedRun run : this.consumers.runs()) {
			FakeGroup.Pending pending = this.server.group.pending.get(run.id);
			long since = Math.max(run.call.since, Math.max(run.node().wellSince(), this.server.wellSince()));
			boolean own = pending != null && pending.consumer.equals(run.consumer())
					&& this.consumers.isPresent(run.consumer());
			if (own && isToBeKept(run) && !run.node().process().isFrozen() && this.time.now() - since > lease()
					&& !hasJumped() && this.time.now() - message(run.id).lastTouch > lease() * 3 / 5) {
				violated("I5", run.id + " is with " + run.consumer() + " and was not renewed for " + untouched(run.id)
						+ " ms");
			}
		}
	}

	/**
	 * Return what is not settled.
	 */
	@Nullable String unsettled() {
		List<String> left = new ArrayList<>();
		this.messages.forEach((id, message) -> {
			FakeGroup.Pending pending = this.server.group.pending.get(id);
			if (pending != null || !(isSettled(message) || isForgotten(message))) {
				left.add(id + " (" + message + ((pending != null) ? ", pending of " + pending.consumer : "") + ")");
			}
		});
		return left.isEmpty() ? null : left.toString();
	}

	/**
	 * Return whether a message is done; where it is acknowledged as it is delivered, it
	 * may be lost with a reply, a process or a stop.
	 */
	private boolean isSettled(SimulatedMessage message) {
		boolean delivered = message.starts > 0 || (message.holder != null && !this.lossesTold);
		return message.isDone() || (this.mode.isAtMostOnce() && delivered);
	}

	/**
	 * Return whether a message was delivered to a consumer that ended, and its group was
	 * lost: no consumer knows of it.
	 */
	private boolean isForgotten(SimulatedMessage message) {
		return message.isLoose && message.holder != null && !this.consumers.isPresent(message.holder);
	}

	/**
	 * Check what is left in the end.
	 */
	void checkTheEnd() {
		this.messages.forEach((id, message) -> {
			if (this.lossesTold && message.removed && message.wasPending() && !message.handled && !message.dead
					&& !message.lossTold) {
				violated("I1", id + " was removed, and that is not told");
			}
		});
		String undeleted = undeleted();
		if (undeleted != null) {
			violated("I1", "acknowledged, and not deleted: " + undeleted);
		}
	}

	/**
	 * Return what is not deleted, though a consumer acknowledged it that still runs.
	 */
	@Nullable String undeleted() {
		List<EntryId> left = this.server.group.entries.keySet().stream().filter((id) -> {
			SimulatedMessage message = message(id);
			return this.mode.delete() && !message.isLoose && this.consumers.isPresent(message.acknowledgedBy);
		}).toList();
		return left.isEmpty() ? null : left.toString();
	}

}
