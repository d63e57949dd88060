package dev.pubsub.redis.producer;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

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

	@Test
	void followsTheLayoutWhenTheCountIsRaised() throws Exception {
		publishTo(4, "first");
		Process python = startPython();
		try (BufferedReader answers = python.inputReader(StandardCharsets.UTF_8);
				BufferedWriter lines = python.outputWriter(StandardCharsets.UTF_8)) {
			for (int i = 0; i < 60; i++) {
				if (i == 20 || i == 40) {
					publishTo((i == 20) ? 8 : 16, "raised");
				}
				lines.write("customer-" + i + "\tpython" + i + "\n");
				lines.flush();
				assertThat(answers.readLine()).matches("\\d+-\\d+");
			}
		}
		assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();

		Map<String, String> layout = layout();
		assertThat(layout).containsEntry("count", "16").containsEntry("generation", "3");
		assertThat(entries(layout, "1:", 4) - 1).isEqualTo(20);
		assertThat(entries(layout, "2:", 8) - 1).isEqualTo(20);
		assertThat(entries(layout, "", 16) - 1).isEqualTo(20);
	}

	private void publishTo(int partitions, String text) {
		try (RedisStreamProducer producer = RedisStreamProducer.builder(this.redis.connectionFactory())
			.options(ProducerOptions.defaults().withPartitions(this.stream, partitions))
			.build()) {
			producer.publish(this.stream, text);
		}
	}

	private Map<String, String> layout() {
		List<Object> fields = this.redis.executeForList("HGETALL", "{" + this.stream + "}:partitions");
		Map<String, String> layout = new HashMap<>();
		for (int i = 0; i < fields.size(); i += 2) {
			layout.put(String.valueOf(fields.get(i)), String.valueOf(fields.get(i + 1)));
		}
		return layout;
	}

	private long entries(Map<String, String> layout, String prefix, int count) {
		return IntStream.range(0, count).mapToLong((i) -> this.redis.xlen(layout.get(prefix + i))).sum();
	}

	private List<String> publishInPython(List<String> keys) throws IOException, InterruptedException {
		Process python = startPython();
		try (BufferedWriter lines = python.outputWriter(StandardCharsets.UTF_8)) {
			for (String key : keys) {
				lines.write(key + "\tpython\n");
			}
		}
		String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(python.exitValue()).as(output).isZero();
		return output.lines().toList();
	}

	private Process startPython() throws IOException {
		Matcher block = BLOCK.matcher(Files.readString(Path.of("..", "docs", "ordering.md")));
		assertThat(block.find()).isTrue();
		ProcessBuilder builder = new ProcessBuilder("python3", "-X", "utf8", "-c", block.group(1), this.redis.host(),
				String.valueOf(this.redis.port()), this.stream)
			.redirectErrorStream(true);
		builder.environment().put("LC_ALL", "C.UTF-8");
		return builder.start();
	}

}
