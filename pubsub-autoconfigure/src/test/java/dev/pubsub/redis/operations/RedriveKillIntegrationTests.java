package dev.pubsub.redis.operations;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.operations.DeadLetterRun.State;
import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A process is killed while it redrives.
 */
@RedisTest
class RedriveKillIntegrationTests {

	private static final int COUNT = 10_000;

	private final TestRedis redis;

	private final String stream;

	private final String letters;

	@AutoClose
	private final OperationsFixture application;

	RedriveKillIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
		this.letters = "{" + this.stream + "}:dlq";
		this.application = new OperationsFixture(redis.connectionFactory());
	}

	@Test
	void addsEachDeadLetterOnceThoughTheProcessIsKilled() throws Exception {
		this.redis.execute("EVAL", "for i = 1, tonumber(ARGV[1]) do redis.call('XADD', KEYS[1], '*', 'payload', i, "
				+ "'__DLQ_REASON', 'rejected') end", "1", this.letters, Integer.toString(COUNT));
		Process process = RedriveProcess.start(this.redis.host(), this.redis.port(), this.stream);
		try {
			await().atMost(Duration.ofMinutes(1)).until(() -> this.redis.xlen(this.stream) > COUNT / 4);
		}
		finally {
			process.destroyForcibly();
		}
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		long left = this.redis.xlen(this.letters);
		assertThat(left).describedAs("killed in the middle").isBetween(1L, COUNT * 3L / 4);
		assertThat(this.redis.xlen(this.stream) + left).isEqualTo(COUNT);

		this.application.builder.streams(List.of(this.stream)).redriveRate(5000);
		this.application.rebuild();
		this.application.deadLetters().redrive(this.stream, IdRange.all());

		await().atMost(Duration.ofMinutes(1))
			.until(() -> this.application.deadLetters().run(this.stream).orElseThrow().state() == State.DONE);
		assertThat(this.application.deadLetters().run(this.stream).orElseThrow().done()).isEqualTo(left);
		assertThat(this.redis.xlen(this.letters)).isZero();
		List<Object> entries = this.redis.executeForList("XRANGE", this.stream, "-", "+");
		Set<Object> payloads = new HashSet<>();
		entries.forEach((entry) -> payloads.add(((List<?>) entry).get(1)));
		assertThat(entries).hasSize(COUNT);
		assertThat(payloads).hasSize(COUNT);
	}

}
