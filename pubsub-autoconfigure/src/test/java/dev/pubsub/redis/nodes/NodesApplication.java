package dev.pubsub.redis.nodes;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.listener.ContainerOptions;
import dev.pubsub.redis.listener.StartFrom;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.test.RedisCluster;
import dev.pubsub.redis.test.RedisSentinels;
import io.lettuce.core.resource.ClientResources;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration.LettuceClientConfigurationBuilder;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * An application with a producer and listeners that note what they got. Its connection
 * factory is set up as Spring Boot does by default: without topology refresh.
 */
final class NodesApplication implements AutoCloseable {

	private final ClientResources resources;

	final LettuceConnectionFactory factory;

	final RedisStreamProducer producer;

	private final Queue<StreamListenerContainer> containers = new ConcurrentLinkedQueue<>();

	private final Map<String, Queue<String>> received = new ConcurrentHashMap<>();

	private NodesApplication(RedisConfiguration server, int threads, LettuceClientConfigurationBuilder client) {
		this.resources = ClientResources.builder().ioThreadPoolSize(threads).computationThreadPoolSize(2).build();
		this.factory = new LettuceConnectionFactory(server, client.clientResources(this.resources).build());
		this.factory.afterPropertiesSet();
		this.factory.start();
		this.producer = RedisStreamProducer.builder(this.factory).build();
	}

	static NodesApplication on(RedisCluster cluster) {
		return on(cluster, 2);
	}

	static NodesApplication on(RedisCluster cluster, int threads) {
		return new NodesApplication(new RedisClusterConfiguration(cluster.addresses()), threads,
				LettuceClientConfiguration.builder());
	}

	static NodesApplication on(RedisSentinels sentinels) {
		return onSentinels(sentinels.addresses());
	}

	/**
	 * Find the master by Sentinels at the given addresses, in this order.
	 */
	static NodesApplication onSentinels(List<String> addresses) {
		RedisSentinelConfiguration server = new RedisSentinelConfiguration(RedisSentinels.MASTER, Set.of());
		addresses.forEach((address) -> server.addSentinel(RedisNode.fromString(address)));
		return on(server);
	}

	static NodesApplication on(RedisConfiguration server) {
		return on(server, LettuceClientConfiguration.builder());
	}

	static NodesApplication on(RedisConfiguration server, LettuceClientConfigurationBuilder client) {
		return new NodesApplication(server, 2, client);
	}

	/**
	 * Listen to a stream from its beginning.
	 */
	StreamListenerContainer listen(String stream) {
		Queue<String> payloads = this.received.computeIfAbsent(stream, (key) -> new ConcurrentLinkedQueue<>());
		StreamListenerContainer container = StreamListenerContainer.create(this.factory,
				Subscription.of(stream, "billing", (message, acknowledgment) -> payloads.add(payload(message)))
					.withOptions(ContainerOptions.defaults()
						.withStartFrom(StartFrom.EARLIEST)
						.withBlock(Duration.ofSeconds(2))
						.withLease(Duration.ofSeconds(5))
						.withClaimInterval(Duration.ofSeconds(1))));
		this.containers.add(container);
		container.start();
		return container;
	}

	static String payload(StreamMessage<?> message) {
		byte[] payload = message.fields().getOrDefault("payload", new byte[0]);
		return new String(payload, StandardCharsets.UTF_8);
	}

	/**
	 * Return what came in from a stream, duplicates included.
	 */
	List<String> received(String stream) {
		return List.copyOf(this.received.getOrDefault(stream, new ConcurrentLinkedQueue<>()));
	}

	Set<String> distinct(String stream) {
		return received(stream).stream().collect(Collectors.toSet());
	}

	/**
	 * Return what the master of a stream has now.
	 */
	Set<String> kept(String stream) {
		try (StreamAdmin admin = StreamAdmin.create(this.factory)) {
			return admin.range(stream, IdRange.all(), 100_000)
				.stream()
				.map((entry) -> entry.fields().getText("payload"))
				.collect(Collectors.toSet());
		}
	}

	@Override
	public void close() {
		this.containers.forEach(StreamListenerContainer::stop);
		this.producer.close();
		this.factory.destroy();
		this.resources.shutdown(0, 1, TimeUnit.SECONDS);
	}

}
