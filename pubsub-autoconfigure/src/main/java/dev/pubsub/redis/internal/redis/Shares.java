package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which instances of a group are there, and what each owns, as they say themselves.
 *
 * @param instances names of the instances
 * @param shares who owns a partition, by the names of those that are owned
 */
public record Shares(List<String> instances, Map<String, Share> shares) {

	static Shares of(Reply reply) {
		List<String> instances = new ArrayList<>();
		reply.get(0).list().forEach((instance) -> instances.add(instance.text()));
		Map<String, Share> shares = new LinkedHashMap<>();
		List<Reply> list = reply.get(1).list();
		for (int i = 0; i + 1 < list.size(); i += 2) {
			shares.put(list.get(i).text(), Share.of(list.get(i + 1).text()));
		}
		return new Shares(List.copyOf(instances), shares);
	}

	/**
	 * A partition that is owned.
	 *
	 * @param instance name of the instance
	 * @param owner name of its consumer
	 * @param token token of the consumer
	 */
	public record Share(String instance, String owner, long token) {

		/**
		 * Only the name of the owner may have spaces.
		 */
		private static Share of(String text) {
			int first = text.indexOf(' ');
			int last = text.lastIndexOf(' ');
			return new Share(text.substring(0, first), text.substring(first + 1, last),
					Long.parseLong(text.substring(last + 1)));
		}

	}

}
