package dev.pubsub.redis.internal.delivery;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.redis.FakeFailures;
import dev.pubsub.redis.internal.redis.StreamGroup;
import dev.pubsub.redis.test.virtual.VirtualTime;
import org.jspecify.annotations.Nullable;

/**
 * The server of a simulation: it may stand still, refuse, and have a clock that jumps.
 */
final class SimulatedServer {

	private static final long START = 1_700_000_000_000L;

	private final VirtualTime time;

	final FakeGroup group;

	private long clockOffset;

	private long lastJump = Long.MIN_VALUE / 2;

	private long frozenUntil = Long.MIN_VALUE / 2;

	/** What arrived while it stood still. */
	private final Queue<Runnable> held = new ArrayDeque<>();

	private Refusal refusal = Refusal.NOTHING;

	private long refusesUntil = Long.MIN_VALUE / 2;

	SimulatedServer(VirtualTime time, StreamGroup name) {
		this.time = time;
		this.group = new FakeGroup(name, this::millis);
	}

	private long millis() {
		return START + this.time.now() / 1_000_000 + this.clockOffset;
	}

	void jump(long millis) {
		this.clockOffset += millis;
		this.lastJump = this.time.now();
		this.group.endWaits();
	}

	long lastJump() {
		return this.lastJump;
	}

	void freeze(long nanos) {
		this.frozenUntil = Math.max(this.frozenUntil, this.time.now() + nanos);
		this.time.after(nanos, null, this::goOn);
	}

	private boolean isFrozen() {
		return this.frozenUntil > this.time.now();
	}

	/**
	 * Execute what arrived while it stood still, in order.
	 */
	private void goOn() {
		Runnable next = isFrozen() ? null : this.held.poll();
		while (next != null) {
			next.run();
			next = this.held.poll();
		}
	}

	void refuse(Refusal refusal, long nanos) {
		this.refusal = refusal;
		this.refusesUntil = this.time.now() + nanos;
	}

	/**
	 * Return since when it is as it should be.
	 */
	long wellSince() {
		return Math.min(this.time.now(), Math.max(this.frozenUntil, this.refusesUntil));
	}

	void heal() {
		this.frozenUntil = Math.min(this.frozenUntil, this.time.now());
		this.refusesUntil = Math.min(this.refusesUntil, this.time.now());
		goOn();
	}

	/**
	 * Execute a command that arrived, once the server can.
	 */
	<T extends @Nullable Object> void execute(String command, Supplier<CompletableFuture<T>> execution,
			CompletableFuture<T> reply) {
		if (isFrozen()) {
			this.held.add(() -> execute(command, execution, reply));
			return;
		}
		this.group.endWaits();
		try {
			if (this.refusesUntil > this.time.now() && this.refusal.concerns(command)) {
				throw FakeFailures.reply(this.refusal.error);
			}
			execution.get().whenComplete((result, failure) -> {
				if (failure != null) {
					reply.completeExceptionally(failure);
				}
				else {
					reply.complete(result);
				}
			});
		}
		catch (RuntimeException ex) {
			reply.completeExceptionally(ex);
		}
	}

	/**
	 * What a server refuses, and how.
	 */
	enum Refusal {

		NOTHING("", "-"),

		LOADING("LOADING Redis is loading the dataset in memory", ""),

		NO_MEMORY("OOM command not allowed when used memory > 'maxmemory'.", "DEAD,GIVE_UP"),

		NO_ACK("NOPERM this user has no permissions to run the 'xack' command", "XACK"),

		READ_ONLY("READONLY You can't write against a read only replica.",
				"XACK,XREADGROUP,XGROUP,CLAIM,TAKE,RENEW,BACKOFF,RELEASE,DEAD,GIVE_UP,REAP,OWNER_READ,OWNER_GATE,"
						+ "TAKE_OVER,ACQUIRE,RENEW_OWNER,RELEASE_OWNER");

		private final String error;

		private final String commands;

		Refusal(String error, String commands) {
			this.error = error;
			this.commands = commands;
		}

		private boolean concerns(String command) {
			return this.commands.isEmpty() || ("," + this.commands + ",").contains("," + command + ",");
		}

	}

}
