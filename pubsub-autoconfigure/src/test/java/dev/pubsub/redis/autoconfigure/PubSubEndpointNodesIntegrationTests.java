package dev.pubsub.redis.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.autoconfigure.EndpointApplication.Answer;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.internal.redis.StreamConnections;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.operations.ImpatientOperations;
import dev.pubsub.redis.operations.PubSubOperations;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisSentinels;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTopologyTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The endpoint over HTTP, on a cluster and behind Sentinels.
 */
@RedisTopologyTest
class PubSubEndpointNodesIntegrationTests {

	@Test
	void showsAndActsOnStreamsOfAllMasters(RedisCluster cluster) throws Exception {
		List<String> streams = cluster.masters()
			.stream()
			.map((master) -> cluster.keyOn(master, "orders" + System.nanoTime() + "-"))
			.toList();
		try (EndpointApplication application = application(
				Map.of("spring.data.redis.cluster.nodes", String.join(",", cluster.addresses())), streams)) {
			showAndAct(application, streams, cluster::execute);

			cluster.moveSlots(cluster.masterOf(streams.get(0)), cluster.masterOf(streams.get(1)), 16_384);

			showAndAct(application, streams, cluster::execute);
		}
	}

	@Test
	void showsAndActsOnWhatTheMasterHas(RedisSentinels sentinels) throws Exception {
		List<String> streams = List.of("orders" + System.nanoTime(), "returns" + System.nanoTime());
		try (EndpointApplication application = application(Map.of("spring.data.redis.sentinel.master",
				RedisSentinels.MASTER, "spring.data.redis.sentinel.nodes", String.join(",", sentinels.addresses())),
				streams)) {
			showAndAct(application, streams, (key, command) -> sentinels.master().send(command));

			RedisServerProcess former = sentinels.master();
			sentinels.failover();
			sentinels.awaitSwitch(former);
			await().until(() -> application.get("/pubsub/streams/" + streams.get(0)).status() == 200);

			showAndAct(application, streams, (key, command) -> sentinels.master().send(command));
		}
	}

	private static EndpointApplication application(Map<String, String> server, List<String> streams) {
		Map<String, String> settings = new LinkedHashMap<>(server);
		settings.put("stream", streams.get(0));
		settings.put("reports", "reports-" + streams.get(0));
		settings.put("streams", String.join(",", streams));
		return new EndpointApplication(WebApplicationType.SERVLET, settings,
				"--management.endpoint.pubsub.access=unrestricted",
				"--spring.main.sources=" + Impatient.class.getName());
	}

	/**
	 * Read, redrive, retry a message now and delete a consumer.
	 */
	private static void showAndAct(EndpointApplication application, List<String> streams, Nodes nodes)
			throws Exception {
		await().until(() -> application.get("/pubsub/subscriptions/billing").body().contains("\"healthy\":true"));
		for (String stream : streams) {
			String letters = "{" + stream + "}:dlq";
			long before = (Long) nodes.execute(stream, "XLEN", stream);
			String letter = (String) nodes.execute(letters, "XADD", letters, "*", "payload", "a", "__DLQ_REASON", "x");
			nodes.execute(letters, "XADD", letters, "*", "payload", "b", "__DLQ_REASON", "x");
			nodes.execute(letters, "XADD", letters, "*", "payload", "c", "__DLQ_REASON", "x");
			assertThat(application.get("/pubsub/streams/" + stream).body()).contains("\"deadLetters\":3");
			String path = "/pubsub/dead-letters/" + stream;
			assertThat(application.get(path).body()).contains(letter);

			Answer redriven = application.post(path, "{'action':'redrive','id':'" + letter + "'}");
			assertThat(redriven.status()).as(redriven.body()).isEqualTo(200);
			assertThat(application.get("/pubsub/messages/" + stream + "?order=newest").body())
				.contains(redriven.value("id"));
			assertThat(application.post(path, "{'action':'redrive-all'}").status()).isIn(200, 202);
			await().until(() -> application.get("/pubsub/runs/" + stream).body().contains("\"state\":\"DONE\""));
			assertThat(nodes.execute(stream, "XLEN", stream)).isEqualTo(before + 3);
			assertThat(nodes.execute(letters, "XLEN", letters)).isEqualTo(0L);
		}
		assertThat(application.get("/pubsub/streams").body()).contains(streams);

		String stream = streams.get(0);
		String group = application.get("/pubsub/subscriptions/billing").value("group");
		String id = (String) nodes.execute(stream, "XADD", stream, "*", "fails", "yes");
		String pending = "/pubsub/pending/" + stream;
		await().until(() -> application.get(pending + "?group=" + group).body().contains(id));
		// Refused until its first attempt has failed.
		await().until(() -> application.post(pending, "{'action':'retry','group':'" + group + "','id':'" + id + "'}")
			.status() == 200);
		await().until(() -> application.get(pending + "?group=" + group).body().contains("\"deliveries\":2"));
		nodes.execute(stream, "XACK", stream, group, id);

		nodes.execute(stream, "XGROUP", "CREATECONSUMER", stream, group, "left-over");
		String consumers = "/pubsub/consumers/" + stream + "?group=" + group;
		assertThat(application.get(consumers).body()).contains("\"name\":\"left-over\"");
		Answer deleted = application.delete(consumers + "&consumer=left-over");
		assertThat(deleted.status()).as(deleted.body()).isEqualTo(200);
		assertThat(application.get(consumers).body()).doesNotContain("\"name\":\"left-over\"");
		assertThat(String.valueOf(nodes.execute(stream, "XINFO", "CONSUMERS", stream, group)))
			.doesNotContain("left-over");
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
		PubSubOperations impatientOperations(StreamConnections connections, StreamListenerContainerRegistry containers,
				CronScheduler scheduler, org.springframework.core.env.Environment environment) {
			return ImpatientOperations.create(connections, containers, scheduler,
					List.of(environment.getRequiredProperty("streams").split(",")));
		}

	}

}
