package dev.pubsub.redis.internal.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
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

	/**
	 * A server that is gone without a word leaves a question open for good.
	 */
	static <T> CompletableFuture<T> bounded(RedisURI address, CompletionStage<T> answer) {
		return answer.toCompletableFuture().orTimeout(address.getTimeout().toNanos(), TimeUnit.NANOSECONDS);
	}

	<T> CompletableFuture<T> ask(RedisURI address,
			Function<RedisAsyncCommands<String, String>, CompletionStage<T>> question) {
		return this.client.get()
			.connectAsync(StringCodec.UTF8, address)
			.toCompletableFuture()
			.thenCompose((connection) -> bounded(address, question.apply(connection.async()))
				.whenComplete((answer, failure) -> connection.closeAsync()));
	}

}
