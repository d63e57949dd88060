package dev.pubsub.redis.test;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link RedisServerExtension}.
 */
@RedisTest
class RedisServerExtensionIntegrationTests {

	private static final Set<String> prefixes = new HashSet<>();

	private static TestRedis ofClass;

	private static LettuceConnectionFactory factory;

	private final TestRedis ofConstructor;

	private TestRedis ofSetUp;

	RedisServerExtensionIntegrationTests(TestRedis redis) {
		this.ofConstructor = redis;
	}

	@BeforeAll
	static void remember(TestRedis redis) {
		ofClass = redis;
		factory = redis.connectionFactory();
	}

	@BeforeEach
	void setUp(TestRedis redis) {
		this.ofSetUp = redis;
	}

	@RepeatedTest(3)
	void givesEachTestOneViewWithPrefixOfItsOwn(TestRedis redis) {
		assertThat(redis).isSameAs(this.ofConstructor).isSameAs(this.ofSetUp).isNotSameAs(ofClass);
		assertThat(redis.prefix()).matches("t[0-9a-f]+x\\d+:").isNotEqualTo(ofClass.prefix());
		assertThat(prefixes.add(redis.prefix())).isTrue();
		assertThat(redis.key("orders")).isEqualTo(redis.prefix() + "orders");
	}

	@Test
	void sharesServerAndFactoryWithinClass(TestRedis redis) {
		assertThat(redis.url()).isEqualTo(ofClass.url());
		assertThat(redis.connectionFactory()).isSameAs(factory);
		try (RedisConnection connection = factory.getConnection()) {
			assertThat(connection.ping()).isEqualTo("PONG");
		}
	}

	@Test
	void readsEveryShapeOfReply(TestRedis redis) {
		String stream = redis.key("orders");

		assertThat(redis.execute("GET", redis.key("nothing"))).isNull();
		assertThat(redis.execute("SET", redis.key("text"), "naïve")).isEqualTo("OK");
		assertThat(redis.execute("GET", redis.key("text"))).isEqualTo("naïve");
		assertThat(redis.executeForList("XRANGE", stream, "-", "+")).isEmpty();
		assertThat(redis.execute("EVAL", "return {1, {}, {'a', {2}}, 'b'}", "0"))
			.isEqualTo(List.of(1L, List.of(), List.of("a", List.of(2L)), "b"));
		assertThatExceptionOfType(RedisCommandExecutionException.class).isThrownBy(() -> redis.execute("NONSENSE"))
			.withMessageContaining("unknown command");
	}

	@Test
	void looksIntoStreams(TestRedis redis) {
		String stream = redis.key("orders");

		String id = redis.xadd(stream, Map.of("item", "apple"));
		redis.xadd(stream, Map.of("item", "pear"));
		redis.execute("XGROUP", "CREATE", stream, "billing", "0");

		assertThat(redis.xlen(stream)).isEqualTo(2);
		assertThat(redis.pendingCount(stream, "billing")).isZero();
		assertThat(redis.executeForList("XREADGROUP", "GROUP", "billing", "ann", "COUNT", "1", "STREAMS", stream, ">"))
			.isEqualTo(List.of(List.of(stream, List.of(List.of(id, List.of("item", "apple"))))));
		assertThat(redis.pendingCount(stream, "billing")).isOne();
	}

	@Nested
	class Inside {

		@Test
		void sharesFactoryOfOuterClass(TestRedis redis) {
			assertThat(redis.connectionFactory()).isSameAs(factory);
		}

	}

	@Nested
	class PrivateServer {

		@Test
		void losesNothingWrittenToDiskWhenKilled() {
			try (RedisServerProcess server = RedisServerProcess.start("--appendonly", "yes", "--appendfsync",
					"always")) {
				int port = server.port();
				server.redis().xadd("orders", Map.of("item", "apple"));

				server.kill();
				assertThat(server.isAlive()).isFalse();
				server.restart();

				assertThat(server.port()).isEqualTo(port);
				assertThat(server.redis().xlen("orders")).isOne();
			}
		}

		@Test
		void forgetsWithoutPersistence() {
			try (RedisServerProcess server = RedisServerProcess.start()) {
				server.redis().xadd("orders", Map.of("item", "apple"));

				server.restart();

				assertThat(server.redis().xlen("orders")).isZero();
			}
		}

		@Test
		void answersNothingWhileFrozen() {
			try (RedisServerProcess server = RedisServerProcess.start();
					RedisClient client = RedisClient.create(server.url())) {
				StatefulRedisConnection<String, String> connection = client.connect();
				RedisCommands<String, String> commands = connection.sync();
				assertThat(commands.ping()).isEqualTo("PONG");

				server.freeze();
				connection.setTimeout(Duration.ofMillis(200));
				assertThatExceptionOfType(RedisCommandTimeoutException.class).isThrownBy(commands::ping);
				assertThat(server.isAlive()).isTrue();
				server.resume();

				assertThat(server.redis().execute("PING")).isEqualTo("PONG");
			}
		}

		@Test
		void stopsEvenWhenFrozen() {
			RedisServerProcess server = RedisServerProcess.start();
			ProcessHandle process = ProcessHandle.of(server.pid()).orElseThrow();
			server.freeze();

			server.close();

			assertThat(process.isAlive()).isFalse();
		}

		@Test
		void takesOptionsWithEmptyValues() {
			try (RedisServerProcess server = RedisServerProcess.start("--rename-command", "HELLO", "")) {
				assertThatExceptionOfType(RedisCommandExecutionException.class)
					.isThrownBy(() -> server.redis().execute("HELLO", "3"))
					.withMessageContaining("unknown command");
			}
		}

		@Test
		void saysWhyItDoesNotStart() {
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> RedisServerProcess.start("--no-such-option", "1"))
				.withMessageContaining("no-such-option")
				.withMessageContaining("ended");
		}

		@Test
		void runsOnEmbeddedServer() {
			try (RedisServerProcess server = RedisServerProcess.start(RedisBinary.embedded())) {
				assertThat(String.valueOf(server.redis().execute("INFO", "server"))).contains("redis_version:6.2");
			}
		}

	}

}
