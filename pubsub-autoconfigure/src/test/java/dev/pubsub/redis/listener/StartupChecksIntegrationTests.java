package dev.pubsub.redis.listener;

import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.delivery.DeliveryRuntime;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.ServerSettings;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.test.RedisServerProcess;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StartupChecksIntegrationTests {

	private static List<String> findings(RedisServerProcess server) throws Exception {
		try (BackgroundThreads threads = BackgroundThreads.platform();
				StreamConnections connections = StreamConnections.to(server.redis().connectionFactory(), threads);
				RedisLink link = connections.open("test", DeliveryRuntime.CONTROL_TIMEOUT)) {
			link.awaitConnection(DeliveryRuntime.CONTROL_TIMEOUT);
			return StartupChecks.findings(ServerSettings.ask(link).get(5, TimeUnit.SECONDS))
				.stream()
				.filter((finding) -> !finding.contains("CVE"))
				.toList();
		}
	}

	@Test
	void warnsOfEvictionAndOfMissingPersistence() throws Exception {
		try (RedisServerProcess server = RedisServerProcess.start("--maxmemory-policy", "allkeys-lru", "--appendonly",
				"no", "--save", "")) {
			assertThat(findings(server)).hasSize(2)
				.anyMatch((finding) -> finding.contains("allkeys-lru"))
				.anyMatch((finding) -> finding.contains("appendonly"));
		}
	}

	@Test
	void findsNothingWrongWithADurableServer() throws Exception {
		try (RedisServerProcess server = RedisServerProcess.start("--appendonly", "yes")) {
			assertThat(findings(server)).isEmpty();
		}
	}

	@Test
	void saysNothingWhereItMayNotLook() throws Exception {
		try (RedisServerProcess server = RedisServerProcess.start("--rename-command", "INFO", "", "--rename-command",
				"CONFIG", "")) {
			assertThat(findings(server)).isEmpty();
		}
	}

}
