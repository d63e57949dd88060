package dev.pubsub.redis.internal.redis;

import java.util.Set;

import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

/**
 * What one server says about all. Immutable: nobody changes the claims.
 */
final class ServerView {

	private final @Nullable Claim[] claims;

	private final Set<RedisURI> members;

	/**
	 * Create a view.
	 * @param claims a claim for each slot, or one for all; {@code null} where the server
	 * knows of none
	 * @param members other servers that can be asked
	 */
	ServerView(@Nullable Claim[] claims, Set<RedisURI> members) {
		this.claims = claims;
		this.members = members;
	}

	static ServerView of(@Nullable Claim claim) {
		return new ServerView(new @Nullable Claim[] { claim }, Set.of());
	}

	@Nullable Claim[] claims() {
		return this.claims;
	}

	Set<RedisURI> members() {
		return this.members;
	}

}
