package dev.pubsub.redis.internal.delivery;

import java.util.OptionalLong;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamGroup;

/**
 * One consumer of several: Redis gives each message to one of them.
 *
 * @param clients how to reach the group
 * @param group the group
 * @param name name of the consumer
 */
record SharedRole(GroupClients clients, StreamGroup group, String name) implements ConsumerRole {

	@Override
	public GroupClient over(RedisLink link) {
		return this.clients.over(link, this.group, this.name);
	}

	@Override
	public StartOrder order(Consumer<InFlightMessage> start, Consumer<EntryId> claim) {
		return StartOrder.ANY;
	}

	@Override
	public boolean takeOver(RedisLink link, InFlightMessages inFlight) {
		return false;
	}

	@Override
	public boolean mayStart(long now) {
		return true;
	}

	@Override
	public OptionalLong token() {
		return OptionalLong.empty();
	}

}
