package dev.pubsub.redis.test.virtual;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A process of a virtual world: what runs in it stands still while it is frozen, and
 * leaves nothing behind when it is killed.
 */
public final class VirtualProcess {

	private final VirtualTime world;

	private final String name;

	final Set<VirtualThread> threads = new LinkedHashSet<>();

	private long frozenUntil;

	private boolean dead;

	private boolean gone;

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
	}

	public void thaw() {
		this.frozenUntil = 0;
	}

	public boolean isFrozen() {
		return this.frozenUntil > this.world.now();
	}

	long frozenUntil() {
		return this.frozenUntil;
	}

	public boolean isDead() {
		return this.dead;
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
