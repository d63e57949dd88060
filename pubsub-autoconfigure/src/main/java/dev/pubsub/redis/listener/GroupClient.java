package dev.pubsub.redis.listener;

import dev.pubsub.redis.internal.redis.GroupCommands;
import dev.pubsub.redis.internal.redis.GroupScripts;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamCommands;
import dev.pubsub.redis.internal.redis.StreamGroup;

/**
 * One consumer of a group and what it can send over the control connection.
 *
 * @param group the group
 * @param consumer name of the consumer
 * @param commands commands on the group
 * @param scripts commands that check who owns an entry
 * @param streams commands on streams
 */
record GroupClient(StreamGroup group, String consumer, GroupCommands commands, GroupScripts scripts,
		StreamCommands streams) {

	static GroupClient of(StreamGroup group, String consumer, RedisLink control) {
		return new GroupClient(group, consumer, new GroupCommands(control, group, consumer),
				new GroupScripts(control, group, consumer), new StreamCommands(control));
	}

}
