package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.redis.OwnerGrant;
import dev.pubsub.redis.internal.redis.OwnerLease;

/**
 * The lease of the stream of a {@link FakeGroup}.
 *
 * @param server the stream and its group
 * @param wire what is between the two
 * @param lease how long it is granted for
 */
record FakeOwnerLease(FakeGroup server, FakeGroupClient.Wire wire, Duration lease) implements OwnerLease {

	@Override
	public CompletableFuture<OwnerGrant> acquire(String name) {
		return send("ACQUIRE", () -> this.server.ownership.acquire(name, this.lease));
	}

	@Override
	public CompletableFuture<OwnerGrant> renew(String name, long token) {
		return send("RENEW_OWNER", () -> this.server.ownership.renew(name, token, this.lease));
	}

	@Override
	public CompletableFuture<Boolean> release(String name, long token) {
		return send("RELEASE_OWNER", () -> this.server.ownership.release(name, token));
	}

	private <T> CompletableFuture<T> send(String command, Supplier<T> execution) {
		return this.wire.send(command, () -> CompletableFuture.completedFuture(execution.get()));
	}

}
