package dev.pubsub.redis.nodes;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.pubsub.redis.producer.Durability;
import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.producer.PublishOptions;
import dev.pubsub.redis.test.DocumentedUser;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisSentinels;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTopologyTest;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The rights that {@code docs/security.md} names for several servers are enough for
 * everything, and each of them is needed.
 */
@Tag("nodes")
@RedisTopologyTest
class LeastRightsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/**
	 * What works without: names of connections, and warnings of what else is wrong.
	 */
	private static final Set<String> OPTIONAL = Set.of("client", "client|setname", "client|setinfo", "config",
			"config|get", "xlen");

	private final String stream = "orders" + System.nanoTime();

	@Test
	void rightsAreEnoughOnACluster(RedisCluster cluster) {
		RestrictedUser user = new RestrictedUser("shop", cluster.nodes());
		user.permit(DocumentedUser.rules(this.stream, "shop", "shop-cluster", "shop-durability", "shop-admin"), "");

		try (Shop shop = shop(cluster, user)) {
			Stream.of("shop-durability", "shop-admin", "shop")
				.flatMap((line) -> shop.steps(line).stream())
				.forEach((step) -> {
					step.action().run();
					await().atMost(PATIENCE).until(step.isDone()::getAsBoolean);
				});
		}

		assertThat(user.refused()).isSubsetOf(OPTIONAL);
	}

	static Stream<Arguments> rights() {
		return Stream.of("shop", "publisher", "shop-durability", "shop-admin")
			.flatMap((line) -> DocumentedUser.rules("orders", line)
				.stream()
				.filter((rule) -> rule.startsWith("+"))
				.map((rule) -> Arguments.of(line, rule)));
	}

	@ParameterizedTest
	@MethodSource("rights")
	void eachRightIsNeeded(String line, String right, RedisCluster cluster) {
		RestrictedUser user = new RestrictedUser("shop", cluster.nodes());
		user.permit(DocumentedUser.rules(this.stream, "shop", "shop-cluster", "shop-durability", "shop-admin"), right);

		try (Shop shop = shop(cluster, user)) {
			// Moving a group takes an administrator, or two consumers at a bad moment.
			shop.steps(right.equals("+xgroup|setid") ? "shop-admin" : line)
				.stream()
				.takeWhile((step) -> !user.lacks(right))
				.forEach((step) -> {
					runWithoutARight(step.action());
					await().atMost(PATIENCE).until(() -> user.lacks(right) || step.isDone().getAsBoolean());
				});
		}

		assertThat(user.lacks(right)).as("Missed %s", right).isTrue();
	}

	private static void runWithoutARight(Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException ex) {
			// That is for the server to say.
		}
	}

	private Shop shop(RedisCluster cluster, RestrictedUser user) {
		return new Shop(server(cluster, user), this.stream, (command) -> cluster.execute(this.stream, command));
	}

	@Test
	void clusterTellsWhichServerHasWhat(RedisCluster cluster) {
		RestrictedUser user = new RestrictedUser("publisher", cluster.nodes());
		List<String> rules = DocumentedUser.rules(this.stream, "publisher", "shop-cluster");
		user.permit(rules, "");
		for (ProtocolVersion protocol : ProtocolVersion.values()) {
			try (NodesApplication application = NodesApplication.on(server(cluster, user),
					LettuceClientConfiguration.builder()
						.clientOptions(ClientOptions.builder().protocolVersion(protocol).build()))) {
				application.producer.publish(this.stream, "apple");
			}
		}
		assertThat(user.refused()).isSubsetOf(OPTIONAL);

		user.permit(rules, "+cluster|nodes");
		assertThatNothingIsPublished(cluster, user, "+cluster|nodes");
	}

	@Test
	void clusterMovesSlots() {
		try (RedisCluster cluster = RedisCluster.start(3, 0)) {
			RedisServerProcess from = cluster.masterOf(this.stream);
			RedisServerProcess to = cluster.masters().stream().filter((node) -> node != from).findFirst().orElseThrow();
			RestrictedUser user = new RestrictedUser("publisher", cluster.nodes());
			List<String> rules = DocumentedUser.rules(this.stream, "publisher", "shop-cluster");
			// The source has no such key, and names the target.
			new MovingSlot(cluster, this.stream).begin(from, to);

			user.permit(rules, "+asking");
			assertThatNothingIsPublished(cluster, user, "+asking");

			user.permit(rules, "");
			try (NodesApplication application = NodesApplication.on(server(cluster, user))) {
				application.producer.publish(this.stream, "apple");
			}
			assertThat(user.refused()).isSubsetOf(OPTIONAL);
		}
	}

	@Test
	void clusterHasHostNames() {
		try (RedisCluster cluster = RedisCluster.start(3, 0)) {
			if (!String.valueOf(cluster.nodes().get(0).send("CONFIG", "GET", "cluster-announce-hostname"))
				.contains("hostname")) {
				// They came with Redis 7.0.
				return;
			}
			cluster.nodes().forEach((node) -> {
				node.send("CONFIG", "SET", "cluster-announce-hostname", "localhost");
				node.send("CONFIG", "SET", "cluster-preferred-endpoint-type", "hostname");
			});
			RestrictedUser user = new RestrictedUser("publisher", cluster.nodes());
			List<String> rules = DocumentedUser.rules(this.stream, "publisher", "shop-cluster", "shop-hostnames");
			user.permit(rules, "");
			try (NodesApplication application = NodesApplication.on(server(cluster, user))) {
				application.producer.publish(this.stream, "apple");
			}
			assertThat(user.refused()).isSubsetOf(OPTIONAL);

			user.permit(rules, "+cluster|slots");
			try (NodesApplication application = NodesApplication.on(server(cluster, user))) {
				application.producer.publish(this.stream, "apple");
				await().atMost(PATIENCE).until(() -> user.lacks("+cluster|slots"));
			}
		}
	}

	@Test
	void diskConfirms() {
		try (RedisCluster cluster = RedisCluster.start(3, 0, "--appendonly", "yes")) {
			RestrictedUser user = new RestrictedUser("publisher", cluster.nodes());
			PublishOptions onDisk = PublishOptions.defaults().withDurability(Durability.none().withFsync(true));
			if (!String.valueOf(cluster.nodes().get(0).send("COMMAND", "INFO", "WAITAOF")).contains("waitaof")) {
				// It came with Redis 7.2, and servers do not know the right before.
				return;
			}
			List<String> rules = DocumentedUser.rules(this.stream, "publisher", "shop-cluster", "shop-fsync");
			user.permit(rules, "");
			try (NodesApplication application = NodesApplication.on(server(cluster, user))) {
				application.producer.publish(this.stream, "apple", onDisk);
			}
			assertThat(user.refused()).isSubsetOf(OPTIONAL);

			user.permit(rules, "+waitaof");
			try (NodesApplication application = NodesApplication.on(server(cluster, user))) {
				assertThatExceptionOfType(PublishException.class)
					.isThrownBy(() -> application.producer.publish(this.stream, "apple", onDisk));
			}
			assertThat(user.lacks("+waitaof")).isTrue();
		}
	}

	private void assertThatNothingIsPublished(RedisCluster cluster, RestrictedUser user, String right) {
		try (NodesApplication application = NodesApplication.on(server(cluster, user))) {
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> application.producer.publish(this.stream, "apple"))
				.withMessageContaining("NOPERM");
		}
		assertThat(user.lacks(right)).isTrue();
	}

	private static RedisClusterConfiguration server(RedisCluster cluster, RestrictedUser user) {
		RedisClusterConfiguration server = new RedisClusterConfiguration(cluster.addresses());
		server.setUsername(user.name());
		server.setPassword(RestrictedUser.PASSWORD);
		return server;
	}

	@Test
	void rightsAreEnoughBehindSentinels(RedisSentinels sentinels) {
		RestrictedUser user = new RestrictedUser("shop", sentinels.servers());
		RestrictedUser watcher = new RestrictedUser("shop-sentinel", sentinels.sentinels());
		user.permit(DocumentedUser.rules(this.stream, "shop", "shop-durability"), "");
		watcher.permit(DocumentedUser.rules(this.stream, "shop-sentinel"), "");

		try (Shop shop = new Shop(server(sentinels, user, watcher), this.stream,
				(command) -> sentinels.master().send(command))) {
			Stream.of("shop-durability", "shop")
				.flatMap((line) -> shop.steps(line).stream().limit(3))
				.forEach((step) -> {
					step.action().run();
					await().atMost(PATIENCE).until(step.isDone()::getAsBoolean);
				});
			sentinels.failover();
			await().atMost(PATIENCE).ignoreException(PublishException.class).until(() -> shop.isOpen("after"));
		}

		assertThat(user.refused()).isSubsetOf(OPTIONAL);
		assertThat(watcher.refused()).isSubsetOf(OPTIONAL);
	}

	static Stream<String> rightsOfSentinels() {
		return DocumentedUser.rules("orders", "shop-sentinel")
			.stream()
			.filter((rule) -> rule.startsWith("+") || rule.startsWith("&"));
	}

	@ParameterizedTest
	@MethodSource("rightsOfSentinels")
	void eachRightIsNeededBehindSentinels(String right, RedisSentinels sentinels) {
		RestrictedUser user = new RestrictedUser("shop", sentinels.servers());
		RestrictedUser watcher = new RestrictedUser("shop-sentinel", sentinels.sentinels());
		user.permit(DocumentedUser.rules(this.stream, "publisher"), "");
		watcher.permit(DocumentedUser.rules(this.stream, "shop-sentinel"), right);

		try (NodesApplication application = NodesApplication.on(server(sentinels, user, watcher))) {
			runWithoutARight(() -> application.producer.publish(this.stream, "apple"));
			await().atMost(PATIENCE).until(() -> watcher.lacks(right));
		}
	}

	private static RedisSentinelConfiguration server(RedisSentinels sentinels, RestrictedUser user,
			RestrictedUser watcher) {
		RedisSentinelConfiguration server = new RedisSentinelConfiguration(RedisSentinels.MASTER, Set.of());
		sentinels.addresses().forEach((address) -> server.addSentinel(RedisNode.fromString(address)));
		server.setUsername(user.name());
		server.setPassword(RestrictedUser.PASSWORD);
		server.setSentinelUsername(watcher.name());
		server.setSentinelPassword(RestrictedUser.PASSWORD);
		return server;
	}

	@Test
	void serversTellWhetherTheyAreMasters(RedisSentinels sentinels) {
		RestrictedUser user = new RestrictedUser("publisher", sentinels.servers());
		List<String> rules = DocumentedUser.rules(this.stream, "publisher", "shop-static");
		RedisStaticMasterReplicaConfiguration servers = new RedisStaticMasterReplicaConfiguration(
				sentinels.master().host(), sentinels.master().port());
		sentinels.replicas().forEach((replica) -> servers.addNode(replica.host(), replica.port()));
		servers.setUsername(user.name());
		servers.setPassword(RestrictedUser.PASSWORD);

		user.permit(rules, "");
		try (NodesApplication application = NodesApplication.on(servers)) {
			application.producer.publish(this.stream, "apple");
		}
		assertThat(user.refused()).isSubsetOf(OPTIONAL);

		user.permit(rules, "+role");
		try (NodesApplication application = NodesApplication.on(servers)) {
			assertThatExceptionOfType(PublishException.class)
				.isThrownBy(() -> application.producer.publish(this.stream, "apple"))
				.withMessageContaining("NOPERM");
		}
		assertThat(user.lacks("+role")).isTrue();
	}

}
