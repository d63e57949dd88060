package dev.pubsub.redis.producer;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.sun.management.OperatingSystemMXBean;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.StreamRecords;
import org.springframework.data.redis.core.RedisCallback;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Compares the producer with bare Lettuce and Spring Data Redis, side by side: seven
 * interleaved rounds, medians. Run it with host and port of a server as arguments.
 */
final class ProducerComparison {

	private static final int ROUNDS = 7;

	private static final int BATCH = 50_000;

	private static final int SINGLE = 10_000;

	private static final int THREADS = 4;

	private final Order order = new Order(4711, "ann.example@example.com", "apple, red, 1 kg", 12, "ready to ship now");

	private final Map<byte[], byte[]> fields = new LinkedHashMap<>();

	private final StatefulRedisConnection<byte[], byte[]> lettuce;

	private final StringRedisTemplate template;

	private final RedisStreamProducer producer;

	private ProducerComparison(LettuceConnectionFactory factory, RedisClient client) {
		this.lettuce = client.connect(ByteArrayCodec.INSTANCE);
		this.template = new StringRedisTemplate(factory);
		this.producer = ProducerBuilder.to(factory).options(ProducerOptions.defaults().withMaxInFlight(16_384)).build();
		put("payload", "{\"id\":4711,\"customer\":\"ann.example@example.com\",\"item\":\"apple, red, 1 kg\","
				+ "\"quantity\":12,\"note\":\"ready to ship now\"}");
		put("__CONTENT_TYPE", "application/json");
		put("__PUBLISH_TIME", "1700000000000");
		put("__SOURCE", "producer");
	}

	public static void main(String[] arguments) throws Exception {
		String host = arguments[0];
		int port = Integer.parseInt(arguments[1]);
		LettuceConnectionFactory factory = new LettuceConnectionFactory(host, port);
		factory.afterPropertiesSet();
		factory.start();
		RedisClient client = RedisClient.create(RedisURI.create(host, port));
		ProducerComparison comparison = new ProducerComparison(factory, client);
		comparison.run();
		comparison.producer.close();
		client.shutdown();
		factory.destroy();
	}

	private void run() throws Exception {
		Map<String, Contestant> contestants = new LinkedHashMap<>();
		contestants.put("Lettuce pipelining", this::lettucePipelining);
		contestants.put("session", this::session);
		contestants.put("publishAsync, 4 threads", this::publishAsync);
		contestants.put("Spring Data executePipelined", this::springDataPipelined);
		contestants.put("Lettuce sync", this::lettuceSync);
		contestants.put("publish", this::publish);
		Map<String, double[]> rates = new LinkedHashMap<>();
		Map<String, double[]> cpus = new LinkedHashMap<>();
		for (int round = -2; round < ROUNDS; round++) {
			for (Map.Entry<String, Contestant> contestant : contestants.entrySet()) {
				this.template.delete("comparison");
				long cpuStart = cpuTime();
				long start = System.nanoTime();
				int count = contestant.getValue().send();
				double rate = count / ((System.nanoTime() - start) / 1e9);
				double cpu = (cpuTime() - cpuStart) / 1e3 / count;
				if (round >= 0) {
					cpus.computeIfAbsent(contestant.getKey(), (name) -> new double[ROUNDS])[round] = cpu;
					rates.computeIfAbsent(contestant.getKey(), (name) -> new double[ROUNDS])[round] = rate;
				}
			}
		}
		rates.forEach((name, values) -> System.out.printf("%-30s %,9.0f/s  (%,.0f to %,.0f), %.2f µs of CPU each%n",
				name, median(values), Arrays.stream(values).min().orElseThrow(),
				Arrays.stream(values).max().orElseThrow(), median(cpus.get(name))));
		print(rates, "session", "Lettuce pipelining");
		print(rates, "publishAsync, 4 threads", "Lettuce pipelining");
		print(rates, "session", "Spring Data executePipelined");
		print(rates, "publish", "Lettuce sync");
	}

	private static void print(Map<String, double[]> rates, String one, String other) {
		System.out.printf("%s / %s = %.2f%n", one, other, median(rates.get(one)) / median(rates.get(other)));
	}

	private int lettucePipelining() throws Exception {
		List<RedisFuture<String>> replies = new ArrayList<>(BATCH);
		this.lettuce.setAutoFlushCommands(false);
		for (int i = 0; i < BATCH; i++) {
			replies.add(this.lettuce.async().xadd(bytes("comparison"), this.fields));
			if (i % 256 == 255) {
				this.lettuce.flushCommands();
			}
		}
		this.lettuce.flushCommands();
		this.lettuce.setAutoFlushCommands(true);
		for (RedisFuture<String> reply : replies) {
			reply.get();
		}
		return BATCH;
	}

	private int session() {
		ProducerSession session = this.producer.newSession();
		for (int i = 0; i < BATCH; i++) {
			session.add("comparison", this.order);
		}
		return session.commit().size();
	}

	private int publishAsync() throws Exception {
		List<Thread> threads = new ArrayList<>();
		for (int t = 0; t < THREADS; t++) {
			Thread thread = new Thread(() -> {
				List<CompletableFuture<?>> replies = new ArrayList<>(BATCH / THREADS);
				for (int i = 0; i < BATCH / THREADS; i++) {
					replies.add(this.producer.publishAsync("comparison", this.order));
				}
				replies.forEach(CompletableFuture::join);
			});
			thread.start();
			threads.add(thread);
		}
		for (Thread thread : threads) {
			thread.join();
		}
		return BATCH;
	}

	private int springDataPipelined() {
		return this.template.executePipelined((RedisCallback<Object>) (connection) -> {
			for (int i = 0; i < BATCH; i++) {
				connection.streamCommands().xAdd(StreamRecords.newRecord().in(bytes("comparison")).ofMap(this.fields));
			}
			return null;
		}).size();
	}

	private int lettuceSync() {
		for (int i = 0; i < SINGLE; i++) {
			this.lettuce.sync().xadd(bytes("comparison"), this.fields);
		}
		return SINGLE;
	}

	private int publish() {
		for (int i = 0; i < SINGLE; i++) {
			this.producer.publish("comparison", this.order);
		}
		return SINGLE;
	}

	private void put(String name, String value) {
		this.fields.put(bytes(name), bytes(value));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static long cpuTime() {
		return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

	/**
	 * One way to send.
	 */
	@FunctionalInterface
	private interface Contestant {

		int send() throws Exception;

	}

	record Order(int id, String customer, String item, int quantity, String note) {

	}

}
