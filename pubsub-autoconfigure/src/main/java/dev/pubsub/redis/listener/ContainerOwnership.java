package dev.pubsub.redis.listener;

import dev.pubsub.redis.internal.delivery.OwnershipView;

/**
 * Who owns the stream of an ordered subscription, as Redis said last to this instance.
 *
 * @param owner name of the consumer that owns it
 * @param token its token, greater than that of each owner before
 * @param isHere whether it is a consumer of this instance
 * @param standby how many other instances wait; one that died counts for a minute
 * @since 0.1.0
 */
public record ContainerOwnership(String owner, long token, boolean isHere, int standby) {

	static ContainerOwnership of(OwnershipView view) {
		return new ContainerOwnership(view.owner(), view.token(), view.isHere(), view.standby());
	}

}
