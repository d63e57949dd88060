package dev.pubsub.redis.test.virtual;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A process of a virtual world: what runs in it stands still while it is frozen, and
 * leaves nothing behind when it is killed.
 */
public final class VirtualProcess {

	private final VirtualTime world;

	private final String name;

	final Set<VirtualThread> threads = new LinkedHashSet<>();

	/** What was due while it stood still. */
	private final List<VirtualTime.Item> held = new ArrayList<>();

	private long frozenUntil;

	private long noThreadsUntil;

	private boolean dead;

	private boolean gone;

	private boolean unwinding;

	/** How far the time of a dead process ran ahead, so that its waits end. */
	long ahead;

	VirtualProcess(VirtualTime world, String name) {
		this.world = world;
		this.name = name;
	}

	/**
	 * Let it stand still, its clocks excepted.
	 * @param nanos for how long
	 */
	public void freeze(long nanos) {
		this.frozenUntil = Math.max(this.frozenUntil, this.world.now() + nanos);
		this.world.after(nanos, null, this::goOn);
	}

	public void thaw() {
		this.frozenUntil = 0;
		goOn();
	}

	private void goOn() {
		if (!isFrozen()) {
			List<VirtualTime.Item> due = List.copyOf(this.held);
			this.held.clear();
			due.forEach(this.world::again);
		}
	}

	void hold(VirtualTime.Item item) {
		this.held.add(item);
	}

	public boolean isFrozen() {
		return this.frozenUntil > this.world.now();
	}

	/**
	 * Let it find a thread only now and then.
	 * @param nanos for how long
	 */
	public void runOutOfThreads(long nanos) {
		this.noThreadsUntil = this.world.now() + nanos;
	}

	/**
	 * End what {@link #runOutOfThreads(long)} began.
	 */
	public void findThreads() {
		this.noThreadsUntil = 0;
	}

	/**
	 * Return when it last lacked threads, or will.
	 */
	public long noThreadsUntil() {
		return this.noThreadsUntil;
	}

	/**
	 * Return whether a thread cannot be started now.
	 */
	boolean lacksThread() {
		return this.noThreadsUntil > this.world.now() && !this.dead && this.world.random().nextInt(4) > 0;
	}

	public boolean isDead() {
		return this.dead;
	}

	/**
	 * Let its threads break off where they wait: what asks them to end may wait itself
	 * for a timer that is dropped.
	 */
	void setUnwinding() {
		this.unwinding = true;
	}

	void unwind() {
		if (this.unwinding) {
			throw new AssertionError("The process is dead");
		}
	}

	boolean isGone() {
		return this.gone;
	}

	/**
	 * Kill it: its timers are dropped, and its threads run to their ends at once. What
	 * they do until then must not be seen.
	 * @param stop asks them to end
	 */
	public void kill(Runnable stop) {
		this.dead = true;
		stop.run();
		this.world.drain(this);
		this.gone = true;
	}

	@Override
	public String toString() {
		return this.name;
	}

}
