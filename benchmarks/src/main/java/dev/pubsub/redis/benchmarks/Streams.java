package dev.pubsub.redis.benchmarks;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.Consumer;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fills and empties streams with the bare driver. For one thread.
 */
final class Streams implements AutoCloseable {

	/**
	 * What the bare driver reads and writes with: values are not decoded before Jackson
	 * sees them.
	 */
	static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

	static final JsonMapper JSON = JsonMapper.builder().findAndAddModules().build();

	private static final int PIPELINE = 1000;

	private static final byte[] JSON_TYPE = "application/json".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] PRODUCER = "producer".getBytes(StandardCharsets.US_ASCII);

	private final RedisClient client;

	private final StatefulRedisConnection<String, byte[]> connection;

	Streams(String url) {
		this.client = RedisClient.create(RedisURI.create(url));
		this.connection = this.client.connect(CODEC);
	}

	/**
	 * Return the fields of an entry, the same that the library writes.
	 */
	static Map<String, byte[]> entry(Order order) {
		Map<String, byte[]> fields = new LinkedHashMap<>(8);
		fields.put("payload", JSON.writeValueAsBytes(order));
		fields.put("__CONTENT_TYPE", JSON_TYPE);
		fields.put("__PUBLISH_TIME", Long.toString(System.currentTimeMillis()).getBytes(StandardCharsets.US_ASCII));
		fields.put("__SOURCE", PRODUCER);
		return fields;
	}

	RedisCommands<String, byte[]> commands() {
		return this.connection.sync();
	}

	StatefulRedisConnection<String, byte[]> connection() {
		return this.connection;
	}

	/**
	 * Append messages.
	 * @param stream key of the stream
	 * @param messages how many
	 * @param bytes size of one
	 */
	void fill(String stream, int messages, int bytes) {
		fill(stream, messages, bytes, 0);
	}

	/**
	 * Append messages.
	 * @param stream key of the stream
	 * @param messages how many
	 * @param bytes size of one
	 * @param keys how many keys they have in turn, 0 for none
	 */
	void fill(String stream, int messages, int bytes, int keys) {
		this.connection.setAutoFlushCommands(false);
		try {
			for (int done = 0; done < messages; done += PIPELINE) {
				List<RedisFuture<?>> replies = new ArrayList<>(PIPELINE);
				for (int i = done; i < Math.min(messages, done + PIPELINE); i++) {
					Map<String, byte[]> fields = entry(Order.sample(i, bytes));
					if (keys > 0) {
						fields.put("__KEY", ("customer-" + i % keys).getBytes(StandardCharsets.US_ASCII));
					}
					replies.add(this.connection.async().xadd(stream, fields));
				}
				this.connection.flushCommands();
				LettuceFutures.awaitAll(30, TimeUnit.SECONDS, replies.toArray(new RedisFuture<?>[0]));
			}
		}
		finally {
			this.connection.setAutoFlushCommands(true);
		}
	}

	/**
	 * Deliver messages to a consumer that never answers.
	 */
	@SuppressWarnings("unchecked")
	void deliverToTheDead(String stream, String group, int messages) {
		Consumer<String> dead = Consumer.from(group, "dead");
		int delivered = 0;
		while (delivered < messages) {
			delivered += commands()
				.xreadgroup(dead, XReadArgs.Builder.count(1000), XReadArgs.StreamOffset.lastConsumed(stream))
				.size();
		}
	}

	/**
	 * Create a group that has everything before it.
	 */
	void createGroup(String stream, String group) {
		commands().xgroupCreate(XReadArgs.StreamOffset.from(stream, "0"), group);
	}

	/**
	 * Return a figure that the server tells about itself.
	 */
	long info(String section, String field) {
		return commands().info(section)
			.lines()
			.filter((line) -> line.startsWith(field + ":"))
			.mapToLong((line) -> Long.parseLong(line.substring(field.length() + 1).trim()))
			.findFirst()
			.orElseThrow();
	}

	@Override
	public void close() {
		this.connection.close();
		this.client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
	}

}
