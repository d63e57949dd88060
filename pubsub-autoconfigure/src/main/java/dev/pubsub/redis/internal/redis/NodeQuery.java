package dev.pubsub.redis.internal.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.StringCodec;

/**
 * Asks a server one question, on a connection of its own. Nothing waits. Thread-safe.
 */
final class NodeQuery {

	private final Supplier<RedisClient> client;

	NodeQuery(Supplier<RedisClient> client) {
		this.client = client;
	}

	RedisClient client() {
		return this.client.get();
	}

	<T> CompletableFuture<T> ask(RedisURI address,
			Function<RedisAsyncCommands<String, String>, CompletionStage<T>> question) {
		return this.client.get()
			.connectAsync(StringCodec.UTF8, address)
			.toCompletableFuture()
			.thenCompose((connection) -> question.apply(connection.async())
				.whenComplete((answer, failure) -> connection.closeAsync()));
	}

}
