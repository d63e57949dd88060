package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.Routes.Owner;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Sentinels for the master, and listens to them: after a switch the former master
 * may go on for many seconds, and what is written to it is lost. Thread-safe.
 */
final class SentinelDiscovery implements Discovery {

	private static final Logger logger = LoggerFactory.getLogger(SentinelDiscovery.class);

	private static final String SWITCH = "+switch-master";

	private static final Pattern PORT = Pattern.compile("\\d{1,5}");

	private final String master;

	private final ServerNodes nodes;

	private final NodeQuery query;

	private final BackgroundThreads threads;

	private volatile boolean closed;

	SentinelDiscovery(String master, ServerNodes nodes, NodeQuery query, BackgroundThreads threads) {
		this.master = master;
		this.nodes = nodes;
		this.query = query;
		this.threads = threads;
	}

	@Override
	public List<RedisURI> sources(@Nullable Routes routes) {
		List<RedisURI> sentinels = new ArrayList<>(this.nodes.sentinels());
		Collections.shuffle(sentinels);
		return sentinels;
	}

	/**
	 * Ask a Sentinel. One that was away tells of a former master, and of its epoch.
	 */
	@Override
	public CompletableFuture<@Nullable Owner[]> ask(RedisURI source) {
		return this.query.client()
			.connectSentinelAsync(StringCodec.UTF8, source)
			.thenCompose((connection) -> NodeQuery.bounded(source, connection.async().master(this.master))
				.whenComplete((answer, failure) -> connection.closeAsync()))
			.thenApply((answer) -> new Owner[] { owner(answer) });
	}

	private Owner owner(Map<String, String> answer) {
		ServerNode node = this.nodes.at(answer.getOrDefault("ip", ""),
				Integer.parseInt(answer.getOrDefault("port", "0")));
		return new Owner(node, Long.parseLong(answer.getOrDefault("config-epoch", "0")));
	}

	@Override
	public void listen(Topology topology) {
		this.nodes.sentinels().forEach((sentinel) -> subscribe(sentinel, topology));
	}

	@Override
	public void close() {
		this.closed = true;
	}

	private void subscribe(RedisURI sentinel, Topology topology) {
		if (this.closed) {
			return;
		}
		try {
			this.query.client()
				.connectPubSubAsync(StringCodec.UTF8, sentinel)
				.toCompletableFuture()
				.thenCompose((connection) -> subscribe(connection, sentinel, topology))
				.whenComplete((subscribed, failure) -> {
					if (failure != null) {
						logger.debug("Cannot listen to the Sentinel at {}:{}", sentinel.getHost(), sentinel.getPort(),
								failure);
						subscribeLater(sentinel, topology);
					}
				});
		}
		catch (RuntimeException ex) {
			// The client is gone, or going.
			logger.debug("Cannot listen to the Sentinel at {}:{}", sentinel.getHost(), sentinel.getPort(), ex);
			subscribeLater(sentinel, topology);
		}
	}

	private CompletableFuture<Void> subscribe(StatefulRedisPubSubConnection<String, String> connection,
			RedisURI sentinel, Topology topology) {
		connection.addListener(new RedisPubSubAdapter<String, String>() {

			@Override
			public void message(String channel, String message) {
				switched(message, topology);
			}

		});
		return NodeQuery.bounded(sentinel, connection.async().subscribe(SWITCH)).whenComplete((subscribed, failure) -> {
			if (failure != null) {
				connection.closeAsync();
				return;
			}
			connection.addListener(new RedisConnectionStateListener() {

				@Override
				public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
					if (!SentinelDiscovery.this.closed) {
						// The driver keeps what is not closed.
						connection.closeAsync();
					}
					subscribeLater(sentinel, topology);
				}

			});
			// What it said before, nobody has heard.
			topology.refresh();
		});
	}

	private void subscribeLater(RedisURI sentinel, Topology topology) {
		if (!this.closed) {
			Duration delay = Duration.ofMillis(ThreadLocalRandom.current().nextLong(500, 1500));
			this.threads.after(delay, () -> subscribe(sentinel, topology));
		}
	}

	/**
	 * The message is: name, former host and port, new host and port.
	 */
	private void switched(String message, Topology topology) {
		String[] parts = message.split(" ");
		if (parts.length >= 5 && parts[0].equals(this.master) && PORT.matcher(parts[4]).matches()) {
			logger.debug("The master of {} is now {}:{}", this.master, parts[3], parts[4]);
			topology.switched(this.nodes.at(parts[3], Integer.parseInt(parts[4])));
		}
	}

}
