package dev.pubsub.redis.nodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import dev.pubsub.redis.producer.PublishException;
import dev.pubsub.redis.test.Ports;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisSentinels;
import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.RedisTopologyTest;
import dev.pubsub.redis.test.TestCertificate;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SslOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * TLS, passwords and rights where Redis is several servers, and what the first message
 * says where they are wrong.
 */
@Tag("nodes")
@RedisTopologyTest
class SecuredNodesIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String PASSWORD = "geheim";

	private static final String SENTINEL_PASSWORD = "streng-geheim";

	private final String stream = "orders" + System.nanoTime();

	@TempDir
	private Path directory;

	@Test
	void clusterSpeaksTls() throws IOException {
		Path served = certificate("served");
		Path other = certificate("other");
		try (RedisCluster cluster = RedisCluster.startWithTls(served)) {
			RedisClusterConfiguration server = new RedisClusterConfiguration(cluster.tlsAddresses());
			try (NodesApplication application = NodesApplication.on(server, trusting(served))) {
				application.listen(this.stream);
				publish(application);
				await().atMost(PATIENCE).until(() -> !application.received(this.stream).isEmpty());

				RedisServerProcess master = cluster.masterOf(this.stream);
				master.kill();
				cluster.awaitMasterOf(this.stream);
				int before = application.received(this.stream).size();
				publish(application);
				await().atMost(PATIENCE).until(() -> application.received(this.stream).size() > before);
			}
			assertThatFirstMessageNames(server, trusting(other), "TLS", "certification path", "spring.data.redis.ssl");
			assertThatFirstMessageNames(new RedisClusterConfiguration(cluster.addresses()), trusting(served), "TLS",
					"spring.data.redis.ssl");
			assertThatFirstMessageNames(server, LettuceClientConfiguration.builder(), "expect TLS",
					"spring.data.redis.ssl");
		}
	}

	@Test
	void sentinelsAndServersAskForPasswords() {
		try (RedisSentinels sentinels = RedisSentinels.startWithPasswords(PASSWORD, SENTINEL_PASSWORD)) {
			try (NodesApplication application = NodesApplication
				.on(server(sentinels.addresses(), PASSWORD, SENTINEL_PASSWORD))) {
				application.listen(this.stream);
				publish(application);
				await().atMost(PATIENCE).until(() -> !application.received(this.stream).isEmpty());

				sentinels.failover();
				int before = application.received(this.stream).size();
				publish(application);
				await().atMost(PATIENCE).until(() -> application.received(this.stream).size() > before);
			}
			String dead = "127.0.0.1:" + Ports.free();
			List<String> deadFirst = List.of(dead, sentinels.addresses().get(1), sentinels.addresses().get(2));
			LettuceClientConfigurationBuilder client = LettuceClientConfiguration.builder();
			try (NodesApplication application = NodesApplication.on(server(deadFirst, PASSWORD, SENTINEL_PASSWORD))) {
				publish(application);
			}
			assertThatFirstMessageNames(server(deadFirst, "wrong", SENTINEL_PASSWORD), client, "WRONGPASS",
					"spring.data.redis.username");
			assertThatFirstMessageNames(server(deadFirst, PASSWORD, "wrong"), client, "WRONGPASS",
					"spring.data.redis.sentinel");
			assertThatFirstMessageNames(server(deadFirst, PASSWORD, ""), client, "NOAUTH",
					"spring.data.redis.sentinel");
			RedisSentinelConfiguration unknown = server(deadFirst, PASSWORD, SENTINEL_PASSWORD);
			unknown.setMaster("other");
			assertThatFirstMessageNames(unknown, client, "No such master", "\"other\"");
		}
	}

	@Test
	void usersNeedRights(RedisCluster cluster) {
		LettuceClientConfigurationBuilder client = LettuceClientConfiguration.builder();
		cluster.nodes().forEach((node) -> {
			node.send("ACL", "SETUSER", "blind", "on", ">" + PASSWORD, "~*", "+@all", "-cluster");
			node.send("ACL", "SETUSER", "reader", "on", ">" + PASSWORD, "~*", "+@all", "-xadd");
		});

		assertThatFirstMessageNames(server(cluster, "nobody", PASSWORD), client, "WRONGPASS",
				"spring.data.redis.username");
		assertThatFirstMessageNames(server(cluster, "reader", "wrong"), client, "WRONGPASS",
				"spring.data.redis.username");
		assertThatFirstMessageNames(server(cluster, "blind", PASSWORD), client, "NOPERM", "cluster");
		assertThatFirstMessageNames(server(cluster, "reader", PASSWORD), client, "NOPERM", "xadd");
	}

	/**
	 * A busy machine may not get as far within the timeout: it says so, and is asked
	 * again.
	 */
	private void assertThatFirstMessageNames(RedisConfiguration server, LettuceClientConfigurationBuilder client,
			String... texts) {
		try (NodesApplication application = NodesApplication.on(server, client)) {
			await().atMost(PATIENCE).untilAsserted(() -> {
				Throwable failure = catchThrowable(() -> application.producer.publish(this.stream, "apple"));
				assertThat(failure).isInstanceOf(PublishException.class)
					.message()
					.doesNotContain("has not ended yet", PASSWORD, SENTINEL_PASSWORD);
			});
			assertThat(catchThrowable(() -> application.producer.publish(this.stream, "apple")))
				.hasMessageContainingAll(texts);
		}
	}

	private void publish(NodesApplication application) {
		await().atMost(PATIENCE)
			.ignoreExceptions()
			.until(() -> application.producer.publish(this.stream, "apple") != null);
	}

	private Path certificate(String name) throws IOException {
		TestCertificate certificate = TestCertificate.create(this.directory, name);
		return Files.writeString(this.directory.resolve(name + ".pem"), certificate.certificate() + certificate.key());
	}

	private static LettuceClientConfigurationBuilder trusting(Path certificate) {
		SslOptions tls = SslOptions.builder().jdkSslProvider().trustManager(certificate.toFile()).build();
		LettuceClientConfigurationBuilder builder = LettuceClientConfiguration.builder()
			.clientOptions(ClientOptions.builder().sslOptions(tls).build());
		builder.useSsl();
		return builder;
	}

	private static RedisSentinelConfiguration server(List<String> sentinels, String password, String sentinelPassword) {
		RedisSentinelConfiguration server = new RedisSentinelConfiguration(RedisSentinels.MASTER, Set.of());
		sentinels.forEach((address) -> server.addSentinel(RedisNode.fromString(address)));
		server.setPassword(password);
		server.setSentinelPassword(sentinelPassword);
		return server;
	}

	private static RedisClusterConfiguration server(RedisCluster cluster, String user, String password) {
		RedisClusterConfiguration server = new RedisClusterConfiguration(cluster.addresses());
		server.setUsername(user);
		server.setPassword(password);
		return server;
	}

}
