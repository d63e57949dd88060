package dev.pubsub.redis.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Named arguments on a command line. Immutable.
 */
final class Arguments {

	private final Map<String, String> values;

	private Arguments(Map<String, String> values) {
		this.values = Map.copyOf(values);
	}

	static Arguments none() {
		return new Arguments(Map.of());
	}

	static Arguments parse(String[] args) {
		Map<String, String> values = new LinkedHashMap<>();
		for (String arg : args) {
			int equals = arg.indexOf('=');
			values.put(arg.substring(0, equals), arg.substring(equals + 1));
		}
		return new Arguments(values);
	}

	Arguments with(String name, Object value) {
		Map<String, String> copy = new LinkedHashMap<>(this.values);
		copy.put(name, value.toString());
		return new Arguments(copy);
	}

	Arguments with(Arguments others) {
		Map<String, String> copy = new LinkedHashMap<>(this.values);
		copy.putAll(others.values);
		return new Arguments(copy);
	}

	String text(String name, String otherwise) {
		return this.values.getOrDefault(name, otherwise);
	}

	int number(String name, int otherwise) {
		return Integer.parseInt(text(name, Integer.toString(otherwise)));
	}

	Duration millis(String name, long otherwise) {
		return Duration.ofMillis(Long.parseLong(text(name, Long.toString(otherwise))));
	}

	List<String> toList() {
		List<String> list = new ArrayList<>();
		this.values.forEach((name, value) -> list.add(name + "=" + value));
		return list;
	}

}
