package dev.pubsub.redis.console;

import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.cron.CronScheduler;

import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.operations.ImpatientOperations;
import dev.pubsub.redis.operations.PubSubOperations;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisSentinels;
import dev.pubsub.redis.test.RedisTopologyTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The console on a cluster and behind Sentinels.
 */
@RedisTopologyTest
class ConsoleNodesIntegrationTests {

	@Test
	void showsAndActsOnStreamsOfAllMasters(RedisCluster cluster) {
		List<String> streams = cluster.masters()
			.stream()
			.map((master) -> cluster.keyOn(master, "orders" + System.nanoTime() + "-"))
			.toList();
		showAndAct(Map.of("spring.data.redis.cluster.nodes", String.join(",", cluster.addresses())), streams,
				cluster::execute);
	}

	@Test
	void showsAndActsOnWhatTheMasterHas(RedisSentinels sentinels) {
		showAndAct(
				Map.of("spring.data.redis.sentinel.master", RedisSentinels.MASTER, "spring.data.redis.sentinel.nodes",
						String.join(",", sentinels.addresses())),
				List.of("orders" + System.nanoTime(), "returns" + System.nanoTime()),
				(key, command) -> sentinels.master().send(command));
	}

	/**
	 * Read, redrive, retry a message now and delete a consumer.
	 */
	private static void showAndAct(Map<String, String> server, List<String> streams, Nodes nodes) {
		Map<String, String> settings = new LinkedHashMap<>(server);
		settings.putAll(ShopApplication.WITHOUT_SECURITY);
		settings.putAll(Map.of("orders", streams.get(0), "reports", "reports-" + streams.get(0), "streams",
				String.join(",", streams), "pubsub.redis.backoff.delay", "1h", "pubsub.redis.backoff.max-delay", "1h",
				"spring.main.sources", Impatient.class.getName()));
		// The console knows the streams that have settings.
		streams.forEach((stream) -> settings.put("pubsub.redis.streams." + stream + ".group", "shop"));
		try (ShopApplication shop = ShopApplication.start(WebApplicationType.SERVLET, settings, "--retries=1",
				"--pubsub.console.access=unrestricted")) {
			ConsoleClient console = new ConsoleClient(shop.url());
			for (String stream : streams) {
				redrive(console, stream, nodes);
			}
			assertThat(console.get("/api/streams").body()).contains(streams);
			retryNow(console, streams.get(0), nodes);
			deleteConsumer(console, streams.get(0), nodes);
		}
	}

	private static void redrive(ConsoleClient console, String stream, Nodes nodes) {
		String letters = "{" + stream + "}:dlq";
		String letter = (String) nodes.execute(letters, "XADD", letters, "*", "payload", "a", "__DLQ_REASON", "x");
		nodes.execute(letters, "XADD", letters, "*", "payload", "b", "__DLQ_REASON", "x");
		assertThat(console.get("/api/dead-letters?stream=" + stream).body()).contains(letter, "\"total\":2");
		assertThat(console.read("stream?stream=" + stream).at("/deadLetterStreams/0/length").asLong()).isEqualTo(2);

		HttpResponse<String> redriven = console.post("dead-letter/redrive",
				"{\"stream\":\"%s\",\"id\":\"%s\"}".formatted(stream, letter));
		assertThat(redriven.body()).contains("Redriven as ");
		console.post("dead-letters/change", "{\"stream\":\"%s\",\"action\":\"redrive\"}".formatted(stream));
		await().until(() -> console.read("dead-letters/run?stream=" + stream).path("state").asString().equals("DONE"));

		assertThat(nodes.execute(stream, "XLEN", stream)).isEqualTo(2L);
		assertThat(nodes.execute(letters, "XLEN", letters)).isEqualTo(0L);
		assertThat(console.read("messages?stream=" + stream).path("messages")).hasSize(2);
	}

	private static void retryNow(ConsoleClient console, String stream, Nodes nodes) {
		String id = (String) nodes.execute(stream, "XADD", stream, "*", "item", "nothing");
		String retry = "{\"stream\":\"%s\",\"group\":\"shop\",\"id\":\"%s\"}".formatted(stream, id);
		// Refused until its first attempt has failed.
		await().until(() -> console.post("message/retry", retry).statusCode() == 200);
		String letters = "{" + stream + "}:dlq";
		await().until(() -> nodes.execute(letters, "XLEN", letters).equals(1L));
	}

	private static void deleteConsumer(ConsoleClient console, String stream, Nodes nodes) {
		nodes.execute(stream, "XGROUP", "CREATECONSUMER", stream, "shop", "idle");
		String group = "/api/group?stream=" + stream + "&group=shop";
		assertThat(console.get(group).body()).contains("\"name\":\"idle\"");

		assertThat(console
			.post("consumer/delete", "{\"stream\":\"%s\",\"group\":\"shop\",\"consumer\":\"idle\"}".formatted(stream))
			.body()).contains("The consumer is deleted.");

		assertThat(console.get(group).body()).doesNotContain("\"name\":\"idle\"");
	}

	/**
	 * Sends a command to the node that serves a key.
	 */
	private interface Nodes {

		Object execute(String key, String... command);

	}

	@Configuration(proxyBeanMethods = false)
	static class Impatient {

		@Bean
		PubSubOperations impatientOperations(SharedConnections connections, StreamListenerContainerRegistry containers,
				CronScheduler scheduler, Environment environment) {
			return ImpatientOperations.create(connections, containers, scheduler,
					List.of(environment.getRequiredProperty("streams").split(",")));
		}

	}

}
