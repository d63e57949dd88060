package dev.pubsub.redis.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;

import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;

/**
 * Publishes with the bare driver, which writes many commands at once where it can.
 */
final class BarePublication implements Publication {

	private final Streams streams;

	private final StatefulRedisConnection<String, byte[]> connection;

	private final String stream;

	BarePublication(Settings settings) {
		this.streams = new Streams(settings.text(Settings.URL));
		this.connection = this.streams.connection();
		this.stream = settings.text(Settings.STREAM);
	}

	@Override
	public void sync(Order order) {
		this.connection.setAutoFlushCommands(true);
		this.connection.sync().xadd(this.stream, Streams.entry(order));
	}

	@Override
	public AsyncWindow window() {
		this.connection.setAutoFlushCommands(false);
		return new AsyncWindow(this.connection::flushCommands);
	}

	@Override
	public void async(Order order, AsyncWindow window) throws Exception {
		window.published(add(order));
	}

	@Override
	public void session(List<Order> orders) {
		this.connection.setAutoFlushCommands(false);
		RedisFuture<?>[] replies = orders.stream().map(this::add).toArray(RedisFuture<?>[]::new);
		this.connection.flushCommands();
		LettuceFutures.awaitAll(10, TimeUnit.SECONDS, replies);
	}

	private RedisFuture<String> add(Order order) {
		return this.connection.async().xadd(this.stream, Streams.entry(order));
	}

	@Override
	public void close() {
		this.streams.close();
	}

}
