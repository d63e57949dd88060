package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.test.virtual.VirtualTime;
import org.jspecify.annotations.Nullable;

/**
 * What must hold in each step of a simulation: I1 to I6 and I9 of the delivery algorithm.
 * (I7 and I8 are about publishing and cron jobs.)
 */
final class SimulationInvariants implements FakeGroup.Watcher {

	private static final long TIMER_MARGIN = Duration.ofMillis(1500).toNanos();

	private final VirtualTime time;

	private final SimulatedServer server;

	private final Subscription subscription;

	private final Map<EntryId, Message> messages = new LinkedHashMap<>();

	private final Set<String> started = new HashSet<>();

	private final Map<Object, Run> running = new LinkedHashMap<>();

	private final Map<String, Integer> handlers = new HashMap<>();

	private final Map<String, SimulatedNode> nodes = new HashMap<>();

	private final Map<SimulatedNode, String> consumers = new HashMap<>();

	private boolean lossesTold = true;

	private long lastHang;

	SimulationInvariants(VirtualTime time, SimulatedServer server, Subscription subscription) {
		this.time = time;
		this.server = server;
		this.subscription = subscription;
	}

	private void violated(String invariant, String text) {
		this.time.fail(new AssertionError(invariant + ": " + text));
	}

	void published(EntryId id) {
		this.messages.put(id, new Message(this.messages.size()));
	}

	int numberOf(EntryId id) {
		return message(id).number;
	}

	private Message message(EntryId id) {
		Message message = this.messages.get(id);
		if (message == null) {
			throw new IllegalStateException("Never published: " + id);
		}
		return message;
	}

	/**
	 * A consumer takes part.
	 */
	void joined(String consumer, SimulatedNode node) {
		this.nodes.put(consumer, node);
		this.consumers.put(node, consumer);
	}

	/**
	 * A handler starts.
	 */
	void started(Object run, SimulatedNode node, String consumer, EntryId id, int attempt) {
		Message message = message(id);
		this.running.put(run, new Run(node, consumer, id, this.time.now(), false));
		int present = this.handlers.merge(consumer, 1, Integer::sum);
		if (present > this.subscription.options().threads()) {
			violated("I5", present + " handlers run at once in " + consumer);
		}
		message.starts++;
		message.lastStart = this.time.now();
		if (message.isLoose) {
			return;
		}
		if (!this.started.add(id + "/" + attempt)) {
			violated("I2", id + " is started twice in attempt " + attempt);
		}
		if (message.starts > this.subscription.redelivery().maxAttempts()) {
			violated("I4", id + " is started " + message.starts + " times");
		}
		FakeGroup.Pending pending = this.server.group.pending.get(id);
		boolean settled = pending == null && (message.acknowledged || message.dead || message.removed);
		// Nothing can keep a node from standing still between its look at the lease and
		// the start.
		if (settled || hasJumped() || node.froze()) {
			return;
		}
		long lease = this.subscription.options().lease().toMillis();
		if (pending == null || !pending.consumer.equals(consumer) || this.server.group.now() - pending.since > lease) {
			violated("I2", id + " is started by " + consumer + " without a lease, "
					+ ((pending != null) ? "it is " + pending.consumer + "'s" : "it is not pending"));
		}
	}

	private boolean hasJumped() {
		return this.time.now() - this.server.lastJump() < 2 * this.subscription.options().lease().toNanos();
	}

	void ended(Object run, EntryId id, boolean success) {
		Run ended = this.running.remove(run);
		if (ended != null && !ended.abandoned) {
			this.handlers.merge(ended.consumer, -1, Integer::sum);
		}
		Message message = message(id);
		message.failed |= !success;
		message.handled |= success;
	}

	/**
	 * A node is gone, with all its handlers.
	 */
	void gone(SimulatedNode node) {
		this.lossesTold = false;
		this.running.values().removeIf((run) -> run.node == node);
		this.consumers.remove(node);
	}

	/**
	 * A reply may be lost: a server that claims what has no payload forgets it.
	 */
	void replyLost() {
		this.lossesTold = false;
	}

	/**
	 * A handler is left to its lease: its node said so.
	 */
	void abandoned(SimulatedNode node, EntryId id) {
		this.running.replaceAll((key, run) -> {
			boolean now = run.node == node && run.id.equals(id) && !run.abandoned;
			if (now) {
				this.handlers.merge(run.consumer, -1, Integer::sum);
			}
			return now ? run.abandon() : run;
		});
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
	public void delivered(EntryId id, String consumer, int deliveries) {
		message(id).lastTouch = this.time.now();
		message(id).holder = consumer;
	}

	@Override
	public void touched(EntryId id) {
		message(id).lastTouch = this.time.now();
	}

	@Override
	public void claimed(EntryId id, String from, String to, long idle) {
		SimulatedNode node = this.nodes.get(from);
		long lease = this.subscription.options().lease().toNanos();
		boolean runs = this.running.values()
			.stream()
			.anyMatch((run) -> run.id.equals(id) && run.consumer.equals(from) && !run.abandoned
					&& this.time.now() - run.since < this.subscription.redelivery().timeout().toNanos());
		if (runs && node != null && !from.equals(to) && this.time.now() - node.lastTrouble() > 2 * lease
				&& this.time.now() - this.server.lastRefusal() > 2 * lease && !hasJumped()) {
			violated("I2", to + " takes " + id + " from " + from + " which is well, and handles it");
		}
		if (idle < this.subscription.options().lease().toMillis()) {
			violated("I2", to + " takes " + id + " from " + from + " which is idle for " + idle + " ms only");
		}
	}

	@Override
	public void acknowledged(EntryId id) {
		Message message = message(id);
		message.acknowledged = true;
		if (!message.handled && !message.removed) {
			violated("I1", id + " is acknowledged, and was never handled");
		}
	}

	@Override
	public void deadLettered(EntryId id, @Nullable String owner, String by, long idle) {
		Message message = message(id);
		if (owner != null && !owner.equals(by) && idle < this.subscription.options().lease().toMillis()) {
			violated("I1", by + " gives up " + id + " which is " + owner + "'s");
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
		long lease = this.subscription.options().lease().toNanos();
		long patience = lease * 2 + 2 * this.subscription.options().claimInterval().toNanos()
				+ this.subscription.options().block().toNanos() + TIMER_MARGIN;
		long timeout = this.subscription.redelivery().timeout().toNanos();
		if (this.running.values().stream().anyMatch((run) -> this.time.now() - run.since > timeout)) {
			this.lastHang = this.time.now();
		}
		long calmSince = Math.max(wellSince, this.lastHang);
		if (!isFree || this.time.now() - calmSince < patience || hasJumped()) {
			return;
		}
		this.server.group.pending.forEach((id, pending) -> {
			if (this.time.now() - message(id).lastTouch > patience) {
				violated("I3", id + " of " + pending.consumer + " was not renewed for "
						+ Duration.ofNanos(this.time.now() - message(id).lastTouch).toMillis() + " ms");
			}
		});
	}

	private void checkRenewals() {
		long lease = this.subscription.options().lease().toNanos();
		long timeout = this.subscription.redelivery().timeout().toNanos();
		for (Run run : this.running.values()) {
			FakeGroup.Pending pending = this.server.group.pending.get(run.id);
			long since = Math.max(run.since, Math.max(run.node.wellSince(), this.server.wellSince()));
			boolean own = pending != null && pending.consumer.equals(run.consumer);
			if (own && !run.abandoned && !run.node.process().isFrozen() && this.time.now() - since > lease
					&& this.time.now() - run.since < timeout && !hasJumped()
					&& this.time.now() - message(run.id).lastTouch > lease * 3 / 5) {
				violated("I5", run.id + " is handled by " + run.consumer + " and was not renewed for "
						+ Duration.ofNanos(this.time.now() - message(run.id).lastTouch).toMillis() + " ms");
			}
		}
	}

	int handlers(String consumer) {
		return this.handlers.getOrDefault(consumer, 0);
	}

	/**
	 * Return what is not settled.
	 */
	@Nullable String unsettled() {
		List<String> left = new ArrayList<>();
		this.messages.forEach((id, message) -> {
			boolean done = message.handled || message.dead || message.removed || isForgotten(message);
			if (!done || this.server.group.pending.containsKey(id)) {
				left.add(id + " (" + message + ((this.server.group.pending.containsKey(id))
						? ", pending of " + this.server.group.pending.get(id).consumer : "") + ")");
			}
		});
		return left.isEmpty() ? null : left.toString();
	}

	/**
	 * Return whether a message was delivered to a consumer that ended, and its group was
	 * lost: no consumer knows of it.
	 */
	private boolean isForgotten(Message message) {
		SimulatedNode node = this.nodes.get(message.holder);
		boolean runs = node != null && message.holder.equals(this.consumers.get(node)) && !node.isStopped();
		return message.isLoose && message.holder != null && !runs;
	}

	void checkLosses() {
		if (this.lossesTold) {
			this.messages.forEach((id, message) -> {
				if (message.removed && message.wasDelivered() && !message.handled && !message.dead
						&& !message.lossTold) {
					violated("I1", id + " was removed, and that is not told");
				}
			});
		}
	}

	/**
	 * What became of a message.
	 */
	private static final class Message {

		private final int number;

		private int starts;

		private long lastStart;

		private long lastTouch;

		private boolean failed;

		private boolean handled;

		private boolean acknowledged;

		private boolean dead;

		private boolean removed;

		private boolean lossTold;

		private boolean isLoose;

		private @Nullable String holder;

		Message(int number) {
			this.number = number;
		}

		private boolean wasDelivered() {
			return this.lastTouch > 0;
		}

		@Override
		public String toString() {
			return this.starts + " starts" + (this.failed ? ", failed" : "") + (this.handled ? ", handled" : "")
					+ (this.dead ? ", dead" : "");
		}

	}

	private record Run(SimulatedNode node, String consumer, EntryId id, long since, boolean abandoned) {

		private Run abandon() {
			return new Run(this.node, this.consumer, this.id, this.since, true);
		}

	}

}
