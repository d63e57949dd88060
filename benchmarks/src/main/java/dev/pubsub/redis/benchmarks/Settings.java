package dev.pubsub.redis.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a trial is told on its command line. Immutable.
 */
final class Settings {

	static final String URL = "url";

	static final String STREAM = "stream";

	static final String GROUP = "group";

	static final String MESSAGES = "messages";

	static final String WARM_UP = "warm-up";

	static final String WARM_UP_MILLIS = "warm-up-millis";

	static final String MEASURE_MILLIS = "measure-millis";

	static final String THREADS = "threads";

	static final String VIRTUAL = "virtual";

	static final String LEASE_SECONDS = "lease-seconds";

	static final String HANDLER_MILLIS = "handler-millis";

	static final String BYTES = "bytes";

	/**
	 * How many keys messages have in turn; they have none if absent.
	 */
	static final String KEYS = "keys";

	static final String ORDERED = "ordered";

	static final String SUBSCRIPTIONS = "subscriptions";

	static final String MESSAGES_PER_SECOND = "rate";

	/**
	 * How often per round; once if absent.
	 */
	static final String REPEATS = "repeats";

	/**
	 * How many rounds are enough, however many others have; no limit if absent.
	 */
	static final String MOST_ROUNDS = "most-rounds";

	/**
	 * Where to leave a flight recording of what is measured.
	 */
	static final String RECORDING = "recording";

	static final String HEAP = "heap";

	private final Map<String, String> values;

	private Settings(Map<String, String> values) {
		this.values = values;
	}

	/**
	 * Return settings.
	 * @param keysAndValues key, value, key, value, …
	 * @return the settings
	 */
	static Settings of(Object... keysAndValues) {
		Map<String, String> values = new LinkedHashMap<>();
		for (int i = 0; i < keysAndValues.length; i += 2) {
			values.put(keysAndValues[i].toString(), keysAndValues[i + 1].toString());
		}
		return new Settings(values);
	}

	static Settings parse(List<String> arguments) {
		Map<String, String> values = new LinkedHashMap<>();
		for (String argument : arguments) {
			int equals = argument.indexOf('=');
			values.put(argument.substring(0, equals), argument.substring(equals + 1));
		}
		return new Settings(values);
	}

	Settings with(String key, Object value) {
		Map<String, String> copy = new LinkedHashMap<>(this.values);
		copy.put(key, value.toString());
		return new Settings(copy);
	}

	Settings with(Settings others) {
		Map<String, String> copy = new LinkedHashMap<>(this.values);
		copy.putAll(others.values);
		return new Settings(copy);
	}

	boolean has(String key) {
		return this.values.containsKey(key);
	}

	String text(String key) {
		return Objects.requireNonNull(this.values.get(key), () -> "No setting " + key);
	}

	int number(String key) {
		return Integer.parseInt(text(key));
	}

	int number(String key, int fallback) {
		return has(key) ? number(key) : fallback;
	}

	Duration millis(String key) {
		return Duration.ofMillis(number(key));
	}

	boolean is(String key) {
		return Boolean.parseBoolean(this.values.getOrDefault(key, "false"));
	}

	List<String> toArguments() {
		List<String> arguments = new ArrayList<>();
		this.values.forEach((key, value) -> arguments.add(key + "=" + value));
		return arguments;
	}

}
