package dev.pubsub.redis.console;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.pubsub.redis.test.RedisServerProcess;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A console over 200 streams with 1,000,000 entries and 50,000 dead letters.
 */
@Tag("faults")
class ConsoleScaleTests {

	private static final int STREAMS = 200;

	private static final int ENTRIES = 5000;

	private static final int LETTERS = 50_000;

	private static final int REQUESTS = 100;

	private static final int MOST_MILLIS = 300;

	private static final String FILL = """
			for i = 1, tonumber(ARGV[1]) do
				redis.call('XADD', KEYS[1], '*', 'payload', '{"customer":"ann","item":"apple","number":' .. i .. '}')
			end""";

	private static final String FILL_LETTERS = """
			for i = 1, tonumber(ARGV[1]) do
				redis.call('XADD', KEYS[1], '*', 'payload', '{"number":' .. i .. '}', '__DLQ_STREAM', ARGV[2],
						'__DLQ_ID', '1795253463971-0', '__DLQ_GROUP', 'shop', '__DLQ_CONSUMER', 'shop-1',
						'__DLQ_ATTEMPTS', '4', '__DLQ_REASON', 'attempts-exhausted', '__DLQ_TIME', '1795253463971',
						'__DLQ_EXCEPTION', 'java.lang.IllegalStateException', '__DLQ_MESSAGE', 'There is no stock')
			end""";

	@Test
	void everyPageIsQuickAndNoCommandSlow() {
		try (RedisServerProcess server = RedisServerProcess.start()) {
			TestRedis redis = server.redis();
			List<String> settings = new ArrayList<>(List.of("--pubsub.console.show-payloads=true"));
			for (int stream = 0; stream < STREAMS; stream++) {
				redis.execute("EVAL", FILL, "1", "stream-" + stream, "" + ENTRIES);
				redis.execute("XGROUP", "CREATE", "stream-" + stream, "shop", "0");
				settings.add("--pubsub.redis.streams.stream-" + stream + ".group=shop");
			}
			for (int part = 0; part < 10; part++) {
				redis.execute("EVAL", FILL_LETTERS, "1", "{stream-7}:dlq", "" + LETTERS / 10, "stream-7");
			}
			assertThat(redis.xlen("{stream-7}:dlq")).isEqualTo(LETTERS);

			try (ShopApplication shop = ShopApplication.start(redis, WebApplicationType.SERVLET,
					settings.toArray(String[]::new))) {
				ConsoleClient console = new ConsoleClient(shop.url());
				await().until(() -> console.read("chart").path("points").size() > 1);
				String middle = String
					.valueOf(((List<?>) redis.executeForList("XRANGE", "stream-7", "-", "+", "COUNT", "2500").get(2499))
						.get(0));
				redis.execute("SLOWLOG", "RESET");

				Map<String, long[]> times = new LinkedHashMap<>();
				for (String page : List.of("overview", "chart", "streams?size=100", "streams?size=100&page=2",
						"streams?q=99", "stream?stream=stream-7", "group?stream=stream-7&group=shop",
						"messages?stream=stream-7&count=100", "messages?stream=stream-7&before=" + middle,
						"message?stream=stream-7&id=" + middle, "dead-letter-streams",
						"dead-letters?stream=stream-7&count=100", "cron", "subscription?id=orders")) {
					times.put(page, time(console, page));
				}

				times.forEach((page, millis) -> System.out.printf("Console: %s: median %d ms, p95 %d ms%n", page,
						millis[REQUESTS / 2], millis[REQUESTS * 95 / 100]));
				assertThat(redis.executeForList("SLOWLOG", "GET", "10")).as("slow log").isEmpty();
				assertThat(times).allSatisfy(
						(page, millis) -> assertThat(millis[REQUESTS * 95 / 100]).as(page).isLessThan(MOST_MILLIS));
			}
		}
	}

	private static long[] time(ConsoleClient console, String page) {
		assertThat(console.get("/api/" + page).statusCode()).as(page).isEqualTo(200);
		return IntStream.range(0, REQUESTS).mapToLong((request) -> {
			long begin = System.nanoTime();
			console.get("/api/" + page);
			return Duration.ofNanos(System.nanoTime() - begin).toMillis();
		}).sorted().toArray();
	}

}
