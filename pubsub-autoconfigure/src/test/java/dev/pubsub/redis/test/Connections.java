package dev.pubsub.redis.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.lettuce.core.protocol.ProtocolVersion;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The connections behind {@link TestRedis}, opened when first asked for. Guarded by
 * {@code lock}.
 */
class Connections implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Lock lock = new ReentrantLock();

	private final RedisURI uri;

	private final RedisConfiguration configuration;

	private final Map<String, StatefulRedisConnection<String, String>> others = new HashMap<>();

	private @Nullable LettuceConnectionFactory factory;

	private @Nullable RedisClient client;

	private @Nullable StatefulRedisConnection<String, String> connection;

	Connections(RedisURI uri, RedisConfiguration configuration) {
		this.uri = uri;
		this.configuration = configuration;
	}

	LettuceConnectionFactory factory() {
		this.lock.lock();
		try {
			if (this.factory == null) {
				LettuceClientConfiguration client = this.uri.isSsl()
						? LettuceClientConfiguration.builder().useSsl().build() : clientOfProtocol();
				this.factory = new LettuceConnectionFactory(this.configuration, client);
				this.factory.afterPropertiesSet();
				this.factory.start();
			}
			return this.factory;
		}
		finally {
			this.lock.unlock();
		}
	}

	LettuceConnectionFactory factory(LettuceClientConfiguration client) {
		LettuceConnectionFactory own = new LettuceConnectionFactory(this.configuration, client);
		own.afterPropertiesSet();
		return own;
	}

	/**
	 * RESP2 where {@code PUBSUB_TEST_RESP} is 2, else what the driver uses by itself.
	 */
	private static LettuceClientConfiguration clientOfProtocol() {
		if (!"2".equals(System.getenv("PUBSUB_TEST_RESP"))) {
			return LettuceClientConfiguration.defaultConfiguration();
		}
		return LettuceClientConfiguration.builder()
			.clientOptions(ClientOptions.builder().protocolVersion(ProtocolVersion.RESP2).build())
			.build();
	}

	/**
	 * Send a command, and follow the redirection of a cluster.
	 */
	@Nullable Object execute(String... args) {
		try {
			return execute(connection(), args);
		}
		catch (RedisCommandExecutionException ex) {
			String message = String.valueOf(ex.getMessage());
			if (!message.startsWith("MOVED ")) {
				throw ex;
			}
			return execute(other(message.substring(message.lastIndexOf(' ') + 1)), args);
		}
	}

	private static @Nullable Object execute(StatefulRedisConnection<String, String> connection, String... args) {
		CommandArgs<String, String> rest = new CommandArgs<>(StringCodec.UTF8);
		List.of(args).subList(1, args.length).forEach(rest::add);
		return connection.sync().dispatch(new Keyword(args[0].toUpperCase(Locale.ROOT)), new ReplyOutput(), rest);
	}

	private StatefulRedisConnection<String, String> other(String address) {
		this.lock.lock();
		try {
			return this.others.computeIfAbsent(address,
					(key) -> Objects.requireNonNull(this.client).connect(RedisURI.create("redis://" + key)));
		}
		finally {
			this.lock.unlock();
		}
	}

	private StatefulRedisConnection<String, String> connection() {
		this.lock.lock();
		try {
			if (this.connection == null) {
				this.client = RedisClient.create(this.uri);
				this.client.setOptions(ClientOptions.builder()
					.protocolVersion(ProtocolVersion.RESP2)
					.timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
					.build());
				this.connection = this.client.connect();
			}
			return this.connection;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() {
		this.lock.lock();
		try {
			if (this.factory != null) {
				this.factory.destroy();
			}
			if (this.client != null) {
				this.client.shutdown(Duration.ZERO, TIMEOUT);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private record Keyword(String text) implements ProtocolKeyword {

		@Override
		public byte[] getBytes() {
			return this.text.getBytes(StandardCharsets.US_ASCII);
		}

		@Override
		@SuppressWarnings("deprecation") // Lettuce 6 has no default
		public String name() {
			return this.text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
