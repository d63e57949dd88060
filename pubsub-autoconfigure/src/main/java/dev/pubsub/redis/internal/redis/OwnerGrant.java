package dev.pubsub.redis.internal.redis;

import java.time.Duration;

/**
 * Which consumer owns a stream for a group.
 *
 * @param isGranted whether it is the one that asked
 * @param owner name of the owner, empty for none
 * @param token token of the owner, or of the last one; 0 before the first
 * @param rest how long its lease is valid
 * @param standby how many other instances wait
 */
public record OwnerGrant(boolean isGranted, String owner, long token, Duration rest, int standby) {

	static OwnerGrant of(Reply reply) {
		return new OwnerGrant(reply.get(0).number() == 1, reply.get(1).text(), Long.parseLong(reply.get(2).text()),
				Duration.ofMillis(reply.get(3).number()), (int) reply.get(4).number());
	}

	static OwnerGrant shown(Reply reply) {
		String token = reply.get(1).text();
		return new OwnerGrant(false, reply.get(0).text(), token.isEmpty() ? 0 : Long.parseLong(token),
				Duration.ofMillis(reply.get(2).number()), (int) reply.get(3).number());
	}

}
