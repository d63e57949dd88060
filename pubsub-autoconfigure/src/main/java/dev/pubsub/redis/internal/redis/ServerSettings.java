package dev.pubsub.redis.internal.redis;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.lettuce.core.protocol.CommandType;

/**
 * What a server tells about itself, as far as this client may ask: names and values of
 * INFO and CONFIG GET.
 */
public final class ServerSettings {

	private final Map<String, String> values;

	/**
	 * Create settings.
	 * @param values the settings by name
	 */
	public ServerSettings(Map<String, String> values) {
		this.values = Map.copyOf(values);
	}

	/**
	 * Ask a server. What it refuses to tell is left out.
	 * @param link connection to the server
	 * @return the settings
	 */
	public static CompletableFuture<ServerSettings> ask(RedisLink link) {
		CompletableFuture<Map<String, String>> info = link
			.send(Requests.of(CommandType.INFO, Requests.arguments(), (reply) -> parseInfo(reply.text())))
			.exceptionally((failure) -> Map.of());
		CompletableFuture<Map<String, String>> save = link
			.send(Requests.of(CommandType.CONFIG, Requests.arguments().add("GET").add("save"),
					(reply) -> reply.isNull() ? Map.<String, String>of() : Map.of("save", reply.get("save").text())))
			.exceptionally((failure) -> Map.of());
		return info.thenCombine(save, (first, second) -> {
			Map<String, String> all = new HashMap<>(first);
			all.putAll(second);
			return new ServerSettings(all);
		});
	}

	static Map<String, String> parseInfo(String info) {
		Map<String, String> values = new HashMap<>();
		info.lines().forEach((line) -> {
			int colon = line.indexOf(':');
			if (colon > 0 && !line.startsWith("#")) {
				values.put(line.substring(0, colon), line.substring(colon + 1).trim());
			}
		});
		return values;
	}

	/**
	 * Return a setting.
	 * @param name name of the setting
	 * @return its value, if the server told it
	 */
	public Optional<String> get(String name) {
		return Optional.ofNullable(this.values.get(name));
	}

}
