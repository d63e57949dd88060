package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.pubsub.redis.internal.redis.FakeFailures;
import dev.pubsub.redis.internal.redis.OwnerGrant;

/**
 * Who owns the stream of a {@link FakeGroup}, as the scripts keep it. Not thread-safe.
 */
final class FakeOwnership {

	private static final long PRESENCE = Duration.ofMinutes(1).toMillis();

	private final FakeGroup group;

	/** When each instance asked last. */
	private final Map<String, Long> instances = new LinkedHashMap<>();

	private Held held = new Held("", 0, 0, "");

	/** As it was before the present owner took it. */
	private Held before = this.held;

	/** Whether a token is just the time, and may run backwards: a defect. */
	boolean tokensAreTimes;

	FakeOwnership(FakeGroup group) {
		this.group = group;
	}

	OwnerGrant acquire(String name, Duration lease) {
		ask(name);
		long rest = this.held.until - this.group.now();
		if (!this.held.owner.isEmpty() && !this.held.owner.equals(name) && rest > 0) {
			return new OwnerGrant(false, this.held.owner, this.held.token, Duration.ofMillis(rest), standby());
		}
		long micros = this.group.now() * 1000;
		long token = this.tokensAreTimes ? micros : Math.max(this.held.token + 1, micros);
		this.before = this.held;
		this.held = new Held(name, token, this.group.now() + lease.toMillis(), "");
		this.group.watcher().owns(name, token);
		return new OwnerGrant(true, name, token, lease, standby());
	}

	OwnerGrant renew(String name, long token, Duration lease) {
		if (!isHeldBy(name + " " + token)) {
			return new OwnerGrant(false, "", token, Duration.ZERO, 0);
		}
		this.held = new Held(name, token, this.group.now() + lease.toMillis(), this.held.gate);
		ask(name);
		return new OwnerGrant(true, name, token, lease, standby());
	}

	boolean release(String name, long token) {
		this.instances.remove(name);
		if (!isHeldBy(name + " " + token)) {
			return false;
		}
		this.held = new Held("", token, 0, "");
		return true;
	}

	private void ask(String name) {
		this.instances.values().removeIf((asked) -> asked <= this.group.now() - PRESENCE);
		this.instances.put(name, this.group.now());
	}

	private int standby() {
		return this.instances.size() - 1;
	}

	/**
	 * Have a failover lose that the present owner took the stream.
	 */
	void rollBack() {
		this.held = this.before;
	}

	String owner() {
		return this.held.owner;
	}

	void require(String holder) {
		if (!isHeldBy(holder)) {
			throw FakeFailures.script("FENCED another consumer owns the stream");
		}
	}

	private boolean isHeldBy(String holder) {
		return holder.equals(this.held.owner + " " + this.held.token);
	}

	boolean open(String gate) {
		this.held = new Held(this.held.owner, this.held.token, this.held.until, gate);
		return true;
	}

	void requireOpen(String gate) {
		if (!gate.equals(this.held.gate)) {
			throw FakeFailures.script("NOGROUP No such key '" + gate + "' or consumer group");
		}
	}

	private record Held(String owner, long token, long until, String gate) {
	}

}
