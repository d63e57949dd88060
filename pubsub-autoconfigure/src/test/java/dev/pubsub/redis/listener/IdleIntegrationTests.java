package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a subscription without messages asks of Redis.
 */
class IdleIntegrationTests extends ListenerTest {

	private static final Pattern CALLS = Pattern.compile("cmdstat_([^:]+):calls=(\\d+),.*");

	private static final int READS = 40;

	IdleIntegrationTests(TestRedis redis) {
		super(redis);
	}

	/**
	 * The times are those of the defaults, twenty times faster: a read of 100 ms, and
	 * every 250 ms a look for abandoned entries. The searches for removed entries send
	 * three commands each, and come at the first interval and at every 24th.
	 */
	@Test
	void sendsTheReadAndOneLookPerIntervalAndLittleElse() {
		StreamListenerContainer container = this.nodes.add()
			.start(Subscription.of(this.stream, "billing", (message, ack) -> {
			})
				.withOptions(ContainerOptions.defaults()
					.withBlock(Duration.ofMillis(100))
					.withClaimInterval(Duration.ofMillis(250))));
		await().until(() -> container.getState() == ContainerState.RUNNING);
		Map<String, Long> before = calls();

		await().until(() -> calls().getOrDefault("xreadgroup", 0L) - before.getOrDefault("xreadgroup", 0L) >= READS);

		Map<String, Long> sent = calls();
		before.forEach((command, calls) -> sent.merge(command, -calls, Long::sum));
		long reads = sent.remove("xreadgroup");
		sent.keySet().removeIf((command) -> command.startsWith("info"));
		assertThat(sent.values().stream().mapToLong(Long::longValue).sum()).as("beside %d reads: %s", reads, sent)
			.isLessThanOrEqualTo(reads * 7 / 10);
	}

	private Map<String, Long> calls() {
		Map<String, Long> calls = new LinkedHashMap<>();
		String stats = String.valueOf(this.redis.execute("INFO", "commandstats"));
		stats.lines().map(CALLS::matcher).filter(Matcher::matches).forEach((line) -> {
			calls.put(line.group(1), Long.parseLong(line.group(2)));
		});
		return calls;
	}

}
