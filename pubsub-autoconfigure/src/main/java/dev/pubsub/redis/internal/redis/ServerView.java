package dev.pubsub.redis.internal.redis;

import java.util.Set;

import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

/**
 * What one server says about all.
 *
 * @param claims a claim for each slot, or one for all; {@code null} where it knows of
 * none
 * @param members other servers that can be asked
 */
record ServerView(@Nullable Claim[] claims, Set<RedisURI> members) {

	static ServerView of(@Nullable Claim claim) {
		return new ServerView(new @Nullable Claim[] { claim }, Set.of());
	}

}
