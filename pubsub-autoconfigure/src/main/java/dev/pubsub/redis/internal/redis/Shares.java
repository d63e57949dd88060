package dev.pubsub.redis.internal.redis;

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
		List<String> instances = reply.get(0).list().stream().map(Reply::text).toList();
		Map<String, Share> shares = new LinkedHashMap<>();
		reply.get(1).fields().forEach((partition, share) -> shares.put(partition, Share.of(share)));
		return new Shares(instances, shares);
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
