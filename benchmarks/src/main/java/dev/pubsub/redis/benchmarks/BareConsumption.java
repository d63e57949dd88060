package dev.pubsub.redis.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import tools.jackson.databind.ObjectReader;

/**
 * The limit: one thread of the bare driver reads, decodes, handles and acknowledges. It
 * acknowledges once per read and does not wait for the answer: the next read goes out
 * with it.
 */
final class BareConsumption implements Consumption, Runnable {

	private static final Duration BLOCK = Duration.ofSeconds(2);

	private static final int COUNT = 128;

	private final RedisClient client;

	private final StatefulRedisConnection<String, byte[]> connection;

	private final String stream;

	private final String group;

	private final Consumer<Order> handler;

	private final ObjectReader reader = Streams.JSON.readerFor(Order.class);

	private final Thread thread = new Thread(this, "bare-consumer");

	private volatile boolean closed;

	BareConsumption(String group, Settings settings, Consumer<Order> handler) {
		this.client = RedisClient.create(RedisURI.create(settings.text(Settings.URL)));
		this.connection = this.client.connect(Streams.CODEC);
		this.connection.setTimeout(BLOCK.plusSeconds(5));
		this.stream = settings.text(Settings.STREAM);
		this.group = group;
		this.handler = handler;
		this.connection.sync()
			.xgroupCreate(XReadArgs.StreamOffset.from(this.stream, "0"), group, XGroupCreateArgs.Builder.mkstream());
		this.thread.start();
	}

	@Override
	@SuppressWarnings("unchecked")
	public void run() {
		io.lettuce.core.Consumer<String> consumer = io.lettuce.core.Consumer.from(this.group, "bare");
		XReadArgs arguments = XReadArgs.Builder.block(BLOCK).count(COUNT);
		XReadArgs.StreamOffset<String> offset = XReadArgs.StreamOffset.lastConsumed(this.stream);
		while (!this.closed) {
			try {
				handle(this.connection.sync().xreadgroup(consumer, arguments, offset));
			}
			catch (RedisCommandTimeoutException ex) {
				throw ex;
			}
			catch (RedisException ex) {
				if (!this.closed) {
					throw ex;
				}
			}
		}
	}

	private void handle(List<StreamMessage<String, byte[]>> messages) {
		if (messages.isEmpty()) {
			return;
		}
		String[] ids = new String[messages.size()];
		for (int i = 0; i < ids.length; i++) {
			StreamMessage<String, byte[]> message = messages.get(i);
			this.handler.accept(this.reader.readValue(message.getBody().get("payload")));
			ids[i] = message.getId();
		}
		this.connection.async().xack(this.stream, this.group, ids);
	}

	@Override
	public void close() throws InterruptedException {
		this.closed = true;
		this.connection.close();
		this.thread.join();
		this.client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
	}

}
