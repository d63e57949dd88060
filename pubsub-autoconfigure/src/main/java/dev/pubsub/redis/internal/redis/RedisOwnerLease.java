package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * The lease of a stream, kept beside the stream. Its time is that of the server.
 */
final class RedisOwnerLease implements OwnerLease {

	private static final RedisScript ACQUIRE = RedisScript.load("owner_acquire");

	private static final RedisScript RENEW = RedisScript.load("owner_renew");

	private static final RedisScript RELEASE = RedisScript.load("owner_release");

	private static final RedisScript SHOW = RedisScript.load("owner_show");

	/**
	 * For how long an instance counts that does not ask again.
	 */
	private static final Duration PRESENCE = Duration.ofMinutes(1);

	private final RedisLink link;

	private final List<byte[]> keys;

	private final Duration lease;

	RedisOwnerLease(RedisLink link, StreamGroup group, Duration lease) {
		this.link = link;
		this.keys = List.of(key(group), group.keyBeside(":instances"));
		this.lease = lease;
	}

	/**
	 * Return the key of the ownership of a stream.
	 */
	static byte[] key(StreamGroup group) {
		return group.keyBeside(":owner");
	}

	@Override
	public CompletableFuture<OwnerGrant> acquire(String name) {
		return ACQUIRE.run(this.link, this.keys, List.of(text(name), number(this.lease), presence()), OwnerGrant::of);
	}

	@Override
	public CompletableFuture<OwnerGrant> renew(String name, long token) {
		return RENEW.run(this.link, this.keys, List.of(text(name), text(token), number(this.lease), presence()),
				(reply) -> {
					boolean renewed = reply.get(0).number() == 1;
					return new OwnerGrant(renewed, renewed ? name : "", token, renewed ? this.lease : Duration.ZERO,
							(int) reply.get(1).number());
				});
	}

	@Override
	public CompletableFuture<Boolean> release(String name, long token) {
		return RELEASE.run(this.link, this.keys, List.of(text(name), text(token)), (reply) -> reply.number() == 1);
	}

	/**
	 * Ask which consumer owns a stream.
	 * @param link connection to ask on
	 * @param deadline until when to try
	 * @param group stream and group
	 * @return the answer
	 */
	static CompletableFuture<OwnerGrant> show(RedisLink link, @Nullable Deadline deadline, StreamGroup group) {
		RedisOwnerLease lease = new RedisOwnerLease(link, group, Duration.ZERO);
		return SHOW.run(link, deadline, lease.keys, List.of(presence()), OwnerGrant::shown);
	}

	private static byte[] presence() {
		return number(PRESENCE);
	}

	private static byte[] number(Duration duration) {
		return text(duration.toMillis());
	}

	private static byte[] text(Object value) {
		return StreamCommands.bytes(value.toString());
	}

}
