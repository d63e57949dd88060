package dev.pubsub.redis.producer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one commit that are for one server.
 */
final class ServerPart {

	private final RedisLink link;

	private final List<OutgoingEntry> entries;

	private final int[] indexes;

	private ServerPart(RedisLink link, List<OutgoingEntry> all, int[] indexes) {
		this.link = link;
		this.indexes = indexes;
		this.entries = (indexes.length == all.size()) ? all : Arrays.stream(indexes).mapToObj(all::get).toList();
	}

	/**
	 * Divide entries by the servers that serve their streams now, or that have them
	 * already while the streams are on their way.
	 * @param link link to all servers
	 * @param entries the entries of the commit
	 * @param indexes which of them are to be sent
	 * @param results what is known about each so far
	 */
	static List<ServerPart> divide(RedisLink link, List<OutgoingEntry> entries, int[] indexes,
			@Nullable PublishResult[] results) {
		if (indexes.length == 0) {
			return List.of();
		}
		RedisLink[] servers = new RedisLink[indexes.length];
		boolean same = true;
		for (int i = 0; i < indexes.length; i++) {
			servers[i] = server(link, entries.get(indexes[i]), results[indexes[i]]);
			same &= servers[i].equals(servers[0]);
		}
		return same ? List.of(new ServerPart(servers[0], entries, indexes)) : divide(entries, indexes, servers);
	}

	private static List<ServerPart> divide(List<OutgoingEntry> entries, int[] indexes, RedisLink[] servers) {
		Map<RedisLink, List<Integer>> parts = new LinkedHashMap<>();
		for (int i = 0; i < indexes.length; i++) {
			parts.computeIfAbsent(servers[i], (server) -> new ArrayList<>()).add(indexes[i]);
		}
		return parts.entrySet()
			.stream()
			.map((part) -> new ServerPart(part.getKey(), entries,
					part.getValue().stream().mapToInt(Integer::intValue).toArray()))
			.toList();
	}

	private static RedisLink server(RedisLink link, OutgoingEntry entry, @Nullable PublishResult before) {
		RedisLink server = link.linkTo(entry.stream());
		Throwable cause = (before != null) ? before.cause() : null;
		RedisLink asked = (cause != null) ? server.asked(cause) : null;
		return (asked != null) ? asked : server;
	}

	RedisLink link() {
		return this.link;
	}

	/**
	 * Return the entries, in order.
	 */
	List<OutgoingEntry> entries() {
		return this.entries;
	}

	/**
	 * Return which entries of the commit they are.
	 */
	int[] indexes() {
		return this.indexes;
	}

	/**
	 * Return which entries of the commit may be sent again without changing the order of
	 * their streams: all if the server has executed none, else those whose slot moves.
	 * @param results what became of the entries of this part
	 */
	int[] again(List<PublishResult> results) {
		boolean unexecuted = results.stream().allMatch((result) -> result.isNotSent() || result.isForLater());
		int[] again = new int[results.size()];
		int count = 0;
		for (int i = 0; i < results.size(); i++) {
			if (unexecuted || results.get(i).isMove()) {
				again[count++] = this.indexes[i];
			}
		}
		return Arrays.copyOf(again, count);
	}

	/**
	 * Note what became of the entries of this part.
	 * @param results what became of them
	 * @param all gets it
	 */
	void spread(List<PublishResult> results, @Nullable PublishResult[] all) {
		for (int i = 0; i < results.size(); i++) {
			all[this.indexes[i]] = results.get(i);
		}
	}

}
