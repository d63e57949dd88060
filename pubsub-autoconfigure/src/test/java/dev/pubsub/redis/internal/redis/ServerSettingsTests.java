package dev.pubsub.redis.internal.redis;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class ServerSettingsTests {

	@Test
	void readsNamesAndValuesAndSkipsHeadings() {
		assertThat(ServerSettings.parseInfo("# Server\r\nredis_version:7.0.15\r\n\r\naof_enabled:0\r\n"))
			.containsOnly(entry("redis_version", "7.0.15"), entry("aof_enabled", "0"));
	}

}
