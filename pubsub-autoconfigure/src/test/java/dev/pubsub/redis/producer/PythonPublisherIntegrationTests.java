package dev.pubsub.redis.producer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.pubsub.redis.test.RedisTest;
import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The publisher in {@code docs/ordering.md} puts messages where this library does.
 */
@RedisTest
class PythonPublisherIntegrationTests {

	private static final Pattern BLOCK = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);

	private final TestRedis redis;

	private final String stream;

	PythonPublisherIntegrationTests(TestRedis redis) {
		this.redis = redis;
		this.stream = redis.key("orders");
	}

	@Test
	void agreesOnThePartitionOfEachKey() throws Exception {
		List<String> keys = List.of("ann", "Zoë", "{a}b", "123456789", "customer-1", " ", "customer-2", "日本");
		ProducerOptions options = ProducerOptions.defaults().withPartitions(this.stream, 16);
		try (RedisStreamProducer producer = RedisStreamProducer.builder(this.redis.connectionFactory())
			.options(options)
			.build()) {
			for (String key : keys) {
				producer.publish(this.stream, "java", PublishOptions.defaults().withKey(key));
			}
		}

		assertThat(publishInPython(keys)).hasSize(keys.size()).allMatch((id) -> id.matches("\\d+-\\d+"));

		List<Object> layout = this.redis.executeForList("HVALS", "{" + this.stream + "}:partitions");
		List<String> entries = new ArrayList<>();
		for (Object partition : layout.subList(2, 18)) {
			for (String key : keys) {
				String inPartition = this.redis.executeForList("XRANGE", String.valueOf(partition), "-", "+")
					.toString();
				long here = Pattern.compile("__KEY, " + Pattern.quote(key) + "[,\\]]")
					.matcher(inPartition)
					.results()
					.count();
				if (here > 0) {
					assertThat(here).as(key).isEqualTo(2);
					entries.add(key);
				}
			}
		}
		assertThat(entries).containsExactlyInAnyOrderElementsOf(keys);
	}

	private List<String> publishInPython(List<String> keys) throws IOException, InterruptedException {
		Matcher block = BLOCK.matcher(Files.readString(Path.of("..", "docs", "ordering.md")));
		assertThat(block.find()).isTrue();
		List<String> command = new ArrayList<>(List.of("python3", "-X", "utf8", "-c", block.group(1), this.redis.host(),
				String.valueOf(this.redis.port()), this.stream));
		keys.forEach((key) -> command.addAll(List.of(key, "python")));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().put("LC_ALL", "C.UTF-8");
		Process python = builder.start();
		String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(python.exitValue()).as(output).isZero();
		return output.lines().toList();
	}

}
