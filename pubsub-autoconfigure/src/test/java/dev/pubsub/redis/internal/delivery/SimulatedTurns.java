package dev.pubsub.redis.internal.delivery;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.test.virtual.VirtualTime;

/**
 * What must hold of ordered streams: I10, each message is read by the owner of the
 * stream, and no owner reads after a later one; I11, the handlers of a key take turns,
 * but for those of an owner before; I12, a message starts after all that precede it with
 * the same key.
 */
final class SimulatedTurns {

	private static final long LEASE = SimulatedMode.LEASE.toNanos();

	private final Map<EntryId, SimulatedMessage> messages;

	private final SimulatedConsumers consumers;

	private final VirtualTime time;

	private final SimulatedServer server;

	private final SimulatedMode mode;

	private final BiConsumer<String, String> violated;

	private final Map<String, Long> tokens = new HashMap<>();

	private long lastToken;

	private long lastRead;

	private long ownerLost = Long.MIN_VALUE / 2;

	SimulatedTurns(Map<EntryId, SimulatedMessage> messages, SimulatedConsumers consumers, VirtualTime time,
			SimulatedServer server, SimulatedMode mode, BiConsumer<String, String> violated) {
		this.messages = messages;
		this.consumers = consumers;
		this.time = time;
		this.server = server;
		this.mode = mode;
		this.violated = violated;
	}

	/**
	 * The server forgot who owns the stream: tokens may be given again.
	 */
	void ownerLost() {
		this.ownerLost = this.time.now();
		this.lastToken = 0;
		this.lastRead = 0;
	}

	void owns(String consumer, long token) {
		if (token <= this.lastToken) {
			this.violated.accept("I10", consumer + " owns the stream with token " + token + " after " + this.lastToken);
		}
		this.lastToken = token;
		this.tokens.put(consumer, token);
	}

	void read(EntryId id, String consumer) {
		long token = this.tokens.getOrDefault(consumer, -1L);
		if (token < this.lastRead) {
			this.violated.accept("I10", consumer + " reads " + id + " with token " + token + " after " + this.lastRead);
		}
		if (!consumer.equals(this.server.group.ownership.owner())) {
			this.violated.accept("I10", consumer + " reads " + id + " and does not own the stream");
		}
		this.lastRead = Math.max(this.lastRead, token);
	}

	/**
	 * An attempt is about to start.
	 */
	void starts(SimulatedRun run, SimulatedMessage message) {
		if (message.key == null) {
			return;
		}
		for (SimulatedRun other : this.consumers.runs()) {
			if (message.key.equals(messageOf(other).key) && !mayOverlap(other, run)) {
				this.violated.accept("I11", run.id + " starts in " + run.consumer() + " with token " + run.token()
						+ " while " + other.id + " runs in " + other.consumer() + " with token " + other.token());
			}
		}
		this.messages.forEach((id, before) -> {
			if (id.compareTo(run.id) < 0 && message.key.equals(before.key) && !before.isDone() && !before.isLoose) {
				this.violated.accept("I12", run.id + " starts in " + run.consumer() + " before " + id + " (" + before
						+ ") with the same key");
			}
		});
	}

	/**
	 * A message whose handler returned may come again before another thread decides, and
	 * after its group was lost, one that its handler acknowledged and still has. Nothing
	 * can keep an owner from standing still between its look at the lease and the start,
	 * and where a server forgets or its clock jumps there may be two owners.
	 */
	private boolean mayOverlap(SimulatedRun running, SimulatedRun starting) {
		boolean same = running.id.equals(starting.id);
		boolean comesAgain = (running.undecided && same) || (this.mode.isManual() && messageOf(running).isLoose);
		return comesAgain || running.token() < starting.token() || (running.token() > starting.token()
				&& (starting.node().froze() || ownerWasLost() || isRecent(this.server.lastJump(), 2 * LEASE)));
	}

	/**
	 * Return whether there may be another owner that none of the two knows of.
	 */
	boolean ownerWasLost() {
		return isRecent(this.ownerLost, 2 * LEASE);
	}

	private boolean isRecent(long when, long nanos) {
		return this.time.now() - when < nanos;
	}

	private SimulatedMessage messageOf(SimulatedRun run) {
		return Objects.requireNonNull(this.messages.get(run.id));
	}

	/**
	 * Return whether a message that is pending waits for another one.
	 */
	boolean mustWait(EntryId id) {
		String key = Objects.requireNonNull(this.messages.get(id)).key;
		return key != null && this.server.group.pending.headMap(id, false)
			.keySet()
			.stream()
			.anyMatch((before) -> key.equals(Objects.requireNonNull(this.messages.get(before)).key));
	}

}
