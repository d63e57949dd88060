package dev.pubsub.redis.internal.redis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The addresses in an answer to {@code CLUSTER NODES}. A node may have a host name, too,
 * which is not for clients unless the cluster says so: by what {@code CLUSTER SLOTS}
 * calls a node, as {@code MOVED} does.
 *
 * @param text the answer
 * @param host where it came from: a node may not know its own address
 */
record ClusterAddresses(String text, String host) {

	/**
	 * Id, host, port and, since Redis 7.0, what else there is: {@code id
	 * 10.0.0.1:6379@16379,host-1,shard-id=…}.
	 */
	private static final Pattern ADDRESS = Pattern.compile("(?m)^(\\S+) (\\S*):(\\d+)(@\\d+)?(?:,([^,\\s=]*))?[^\\s]*");

	/**
	 * Return whether a node has a host name.
	 */
	boolean haveNames() {
		return ADDRESS.matcher(this.text)
			.results()
			.map((match) -> match.group(5))
			.anyMatch((name) -> name != null && !name.isEmpty());
	}

	/**
	 * Return the answer with the addresses alone.
	 */
	String byAddress() {
		return with(Map.of());
	}

	/**
	 * Return the answer with the names or addresses that clients are to use.
	 * @param slots an answer to {@code CLUSTER SLOTS}
	 */
	String asServersWish(List<?> slots) {
		Map<String, String> wishes = new HashMap<>();
		for (Object range : slots) {
			if (range instanceof List<?> parts) {
				parts.stream().skip(2).forEach((node) -> addWish(node, wishes));
			}
		}
		return with(wishes);
	}

	/**
	 * A node is its host, port and id. Without a host it is where the question went.
	 */
	private void addWish(@Nullable Object node, Map<String, String> wishes) {
		if (node instanceof List<?> parts && parts.size() > 2) {
			Object wish = parts.get(0);
			wishes.put(String.valueOf(parts.get(2)), (wish != null) ? wish.toString() : this.host);
		}
	}

	private String with(Map<String, String> wishes) {
		return ADDRESS.matcher(this.text).replaceAll((match) -> Matcher.quoteReplacement(address(match, wishes)));
	}

	private String address(MatchResult match, Map<String, String> wishes) {
		String address = wishes.getOrDefault(match.group(1), match.group(2));
		// Redis calls a host that has no name "?" where clients want names.
		String used = address.equals("?") ? match.group(2) : address;
		boolean known = !used.isEmpty() || match.group(3).equals("0");
		String bus = (match.group(4) != null) ? match.group(4) : "";
		return match.group(1) + " " + (known ? used : this.host) + ":" + match.group(3) + bus;
	}

}
