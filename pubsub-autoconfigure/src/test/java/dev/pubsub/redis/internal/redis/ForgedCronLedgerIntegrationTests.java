package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.CronScripts.Fire;
import dev.pubsub.redis.internal.redis.CronScripts.Outcome;
import dev.pubsub.redis.internal.redis.CronScripts.State;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever somebody else writes where the last fire time of a job is kept, the job goes
 * on.
 */
@RedisTest
class ForgedCronLedgerIntegrationTests {

	private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

	private final TestRedis redis;

	private final String stream;

	private final BackgroundThreads threads = BackgroundThreads.platform();

	private final StreamConnections connections;

	private final RedisLink link;

	private final CronScripts scripts;

	ForgedCronLedgerIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.connections = StreamConnections.to(redis.connectionFactory(), this.threads);
		this.link = this.connections.open("test", Duration.ofSeconds(5));
		this.scripts = new CronScripts(this.link, this.stream, "nightly");
	}

	@BeforeEach
	void connect() throws Exception {
		assertThat(this.link.awaitConnection(Duration.ofSeconds(5))).isTrue();
		this.redis.xadd(this.stream, Map.of("item", "apple"));
		this.redis.execute("XGROUP", "CREATE", this.stream, "billing", "0");
	}

	@AfterEach
	void close() {
		this.connections.close();
		this.threads.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "garbage", "-5 - on schedule", "1.5e300 - on schedule",
			"99999999999999999999999999 - on schedule", "9223372036854775808 - on schedule", "7 abc on schedule",
			"7 1-1-1 on schedule", "7 99999999999999999999999-1 on schedule", "7 - perhaps schedule", "7", "7 8-9" })
	void forgedValueIsNoReasonNotToFire(String value) {
		this.redis.execute("HSET", "{" + this.stream + "}:cron", "nightly", value);

		State known = get(this.scripts.register(NOW, "schedule"));
		assertThat(known.last()).isBeforeOrEqualTo(NOW);
		assertThat(known.paused()).isFalse();
		Fire fire = get(this.scripts.fire(NOW.plusSeconds(1), known.last(), true, 0,
				EntryFields.ofText(Map.of("payload", "{}"))));
		assertThat(fire.outcome()).isEqualTo(Outcome.FIRED);
	}

	private static <T> T get(CompletableFuture<T> reply) {
		return reply.orTimeout(5, TimeUnit.SECONDS).join();
	}

}
