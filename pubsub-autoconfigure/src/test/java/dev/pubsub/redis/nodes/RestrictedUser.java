package dev.pubsub.redis.nodes;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.pubsub.redis.test.RedisServerProcess;

/**
 * A user of some servers, and what they refused it.
 */
final class RestrictedUser {

	static final String PASSWORD = "secret";

	private final String name;

	private final List<RedisServerProcess> servers;

	RestrictedUser(String name, List<RedisServerProcess> servers) {
		this.name = name;
		this.servers = servers;
	}

	String name() {
		return this.name;
	}

	/**
	 * Give the user rights, and no others, and forget what was refused.
	 * @param rules rules that create the user
	 * @param without a rule that is left out, such as {@code +xadd}
	 */
	void permit(List<String> rules, String without) {
		List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", this.name, "reset"));
		rules.stream().filter((rule) -> !rule.equals(without)).forEach(command::add);
		this.servers.forEach((server) -> {
			server.send(command.toArray(String[]::new));
			server.send("ACL", "LOG", "RESET");
		});
	}

	/**
	 * Return which commands and channels the servers have refused.
	 */
	Set<String> refused() {
		Set<String> refused = new TreeSet<>();
		this.servers.stream().filter(RedisServerProcess::isAnswering).forEach((server) -> {
			if (server.send("ACL", "LOG") instanceof List<?> entries) {
				entries.forEach((entry) -> addTo(refused, (List<?>) entry));
			}
		});
		return refused;
	}

	private void addTo(Set<String> refused, List<?> entry) {
		if (this.name.equals(value(entry, "username"))) {
			refused.add(value(entry, "object"));
		}
	}

	private static String value(List<?> entry, String field) {
		return String.valueOf(entry.get(entry.indexOf(field) + 1));
	}

	/**
	 * Return whether they have refused what a rule permits. Redis 6.2 names the command
	 * without its subcommand.
	 */
	boolean lacks(String rule) {
		String permitted = rule.substring(1);
		Set<String> refused = refused();
		return refused.contains(permitted) || refused.contains(permitted.replaceFirst("\\|.*", ""));
	}

}
