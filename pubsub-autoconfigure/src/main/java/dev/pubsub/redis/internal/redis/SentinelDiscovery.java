package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.MapOutput;
import io.lettuce.core.output.ValueListOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
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
	public List<RedisURI> configured() {
		return this.nodes.sentinels();
	}

	/**
	 * Ask a Sentinel. One that was away tells of a former master, and of its epoch. While
	 * a Sentinel fails over, it has the new epoch beside the former address, so that the
	 * address is asked for as clients do, and after the epoch.
	 */
	@Override
	public CompletableFuture<ServerView> ask(RedisURI source) {
		// Not by the driver's connection to Sentinels, which logs each failure.
		return this.query.ask(source, (commands) -> {
			CompletionStage<Map<String, String>> state = commands.dispatch(CommandType.SENTINEL,
					new MapOutput<>(StringCodec.UTF8), arguments("MASTER"));
			CompletionStage<List<String>> address = commands.dispatch(CommandType.SENTINEL,
					new ValueListOutput<>(StringCodec.UTF8), arguments("GET-MASTER-ADDR-BY-NAME"));
			return state.thenCombine(address, this::view);
		})
			.exceptionallyCompose((failure) -> CompletableFuture.failedFuture(
					new SentinelException(source.getHost() + ":" + source.getPort(), Failures.unwrap(failure))));
	}

	private CommandArgs<String, String> arguments(String question) {
		return new CommandArgs<>(StringCodec.UTF8).add(question).add(this.master);
	}

	private ServerView view(Map<String, String> state, List<String> address) {
		if (address.size() < 2) {
			throw new IllegalStateException("No address of " + this.master);
		}
		ServerNode node = this.nodes.at(address.get(0), Integer.parseInt(address.get(1)));
		return ServerView.of(new Claim(node, Long.parseLong(state.getOrDefault("config-epoch", "0"))));
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
				switched(message, sentinel, topology);
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
	private void switched(String message, RedisURI sentinel, Topology topology) {
		String[] parts = message.split(" ");
		if (parts.length >= 5 && parts[0].equals(this.master) && PORT.matcher(parts[2]).matches()
				&& PORT.matcher(parts[4]).matches()) {
			logger.debug("The master of {} is now {}:{}", this.master, parts[3], parts[4]);
			topology.switched(sentinel, this.nodes.at(parts[1], Integer.parseInt(parts[2])),
					this.nodes.at(parts[3], Integer.parseInt(parts[4])));
		}
	}

}
