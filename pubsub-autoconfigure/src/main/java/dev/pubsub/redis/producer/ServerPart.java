package dev.pubsub.redis.producer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.internal.redis.RedisLink;

/**
 * The entries of one commit that are for one server.
 *
 * @param link link to the server
 * @param indexes which entries of the commit they are
 * @param entries the entries, in order
 */
record ServerPart(RedisLink link, List<Integer> indexes, List<OutgoingEntry> entries) {

	/**
	 * Divide entries by the servers that serve their streams now.
	 */
	static List<ServerPart> divide(RedisLink link, List<OutgoingEntry> entries, List<Integer> indexes) {
		Map<RedisLink, ServerPart> parts = new LinkedHashMap<>();
		ServerPart last = null;
		for (Integer index : indexes) {
			OutgoingEntry entry = entries.get(index);
			RedisLink server = link.linkTo(entry.stream());
			if (last == null || !last.link.equals(server)) {
				last = parts.computeIfAbsent(server,
						(key) -> new ServerPart(key, new ArrayList<>(indexes.size()), new ArrayList<>(indexes.size())));
			}
			last.indexes.add(index);
			last.entries.add(entry);
		}
		return List.copyOf(parts.values());
	}

}
