package dev.pubsub.redis.cron;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.CronScripts.Outcome;
import dev.pubsub.redis.internal.redis.CronScripts;
import org.jspecify.annotations.Nullable;

/**
 * Does what the scripts do, for one job, and can be out of order.
 */
final class MemoryLedger implements FireLedger {

	final List<Instant> fired = new ArrayList<>();

	final List<Instant> firedAt = new ArrayList<>();

	int calls;

	boolean paused;

	boolean overlapping;

	private final Simulation simulation;

	private @Nullable Instant last;

	private boolean down;

	private boolean loseReply;

	private boolean refuse;

	MemoryLedger(Simulation simulation) {
		this.simulation = simulation;
	}

	@Override
	public CompletableFuture<CronScripts.State> register(Instant since) {
		this.calls++;
		if (this.down) {
			return lost();
		}
		if (this.last == null) {
			this.last = since;
		}
		return CompletableFuture.completedFuture(new CronScripts.State(this.last, this.paused));
	}

	@Override
	public CompletableFuture<CronScripts.Fire> fire(Instant at, Instant known, EntryFields message) {
		this.calls++;
		if (this.down || this.refuse) {
			return lost();
		}
		if (this.last != null && !at.isAfter(this.last)) {
			return reply(Outcome.PASSED, this.last, "");
		}
		if (this.last != null && !known.equals(this.last)) {
			return reply(Outcome.MOVED, this.last, "");
		}
		this.last = at;
		if (this.paused) {
			return reply(Outcome.PAUSED, at, "");
		}
		if (this.overlapping) {
			return reply(Outcome.OVERLAP, at, "billing");
		}
		this.fired.add(at);
		this.firedAt.add(this.simulation.time());
		if (this.loseReply) {
			this.loseReply = false;
			return lost();
		}
		return reply(Outcome.FIRED, at, this.fired.size() + "-0");
	}

	void set(Instant last) {
		this.last = last;
	}

	void setDown(boolean down) {
		this.down = down;
	}

	void setRefuse(boolean refuse) {
		this.refuse = refuse;
	}

	void loseNextReply() {
		this.loseReply = true;
	}

	void forget() {
		this.last = null;
	}

	private CompletableFuture<CronScripts.Fire> reply(Outcome outcome, Instant state, String detail) {
		return CompletableFuture
			.completedFuture(new CronScripts.Fire(outcome, new CronScripts.State(state, this.paused), detail));
	}

	private static <T> CompletableFuture<T> lost() {
		return CompletableFuture.failedFuture(new IllegalStateException("connection lost"));
	}

}
