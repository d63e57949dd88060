package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link NodeQuery}.
 */
@RedisTest
class NodeQueryIntegrationTests {

	@Test
	void asksAgainWhereNoAnswerComes(TestRedis redis) {
		RedisURI address = RedisURI.create(redis.url());
		address.setTimeout(Duration.ofMillis(500));
		try (RedisClient client = RedisClient.create()) {
			CompletableFuture<Object> opened = new CompletableFuture<>();

			CompletableFuture<String> answer = new NodeQuery(() -> client).ask(address, (commands) -> {
				opened.complete(commands);
				return new CompletableFuture<>();
			});

			assertThat(answer).failsWithin(Duration.ofSeconds(10))
				.withThrowableOfType(ExecutionException.class)
				.withCauseInstanceOf(TimeoutException.class);
			assertThat(opened).isCompleted();
		}
	}

}
