package dev.pubsub.redis.actuate;

import java.util.Arrays;

import dev.pubsub.redis.internal.SafeText;

/**
 * A part of the endpoint: what its path begins with.
 */
enum Area {

	SUBSCRIPTIONS, STREAMS, GROUPS, CONSUMERS, PENDING, MESSAGES, DEAD_LETTERS, RUNS, CRON;

	static Area of(String path) {
		return Arrays.stream(values())
			.filter((area) -> Inputs.name(area).equals(path))
			.findFirst()
			.orElseThrow(() -> Inputs.unknown("There is no \"%s\", but %s".formatted(SafeText.of(path),
					Arrays.stream(values()).map(Inputs::name).toList())));
	}

}
