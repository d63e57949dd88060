package dev.pubsub.redis.codec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.EntryFields;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the codec costs on top of Jackson.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBenchmark {

	private final JsonMapper json = JsonMapper.builder().findAndAddModules().build();

	private final ObjectReader reader = this.json.readerFor(Order.class);

	private final PayloadCodec codec = new JacksonPayloadCodec(this.json);

	private final Order order = new Order(1_000_042, "customer-10042", 3, 149.95, 123_456_789_012_345L, List.of());

	private final byte[] bytes = this.json.writeValueAsBytes(this.order);

	private final EntryFields fields = EntryFields.builder()
		.addAll(this.codec.encode(this.order))
		.add("__PUBLISH_TIME", "1795253298000")
		.add("__SOURCE", "producer")
		.build();

	private final EntryFields flat = EntryFields.builder()
		.add("id", "1000042")
		.add("customer", "customer-10042")
		.add("quantity", "3")
		.add("price", "149.95")
		.add("sentAt", "123456789012345")
		.add("tags", "[]".getBytes(StandardCharsets.US_ASCII))
		.build();

	@Benchmark
	public Object decode() {
		return this.codec.decode(this.fields, Order.class);
	}

	@Benchmark
	public Object decodeFlat() {
		return this.codec.decode(this.flat, Order.class);
	}

	@Benchmark
	public Object decodeByJacksonAlone() {
		return this.reader.readValue(this.bytes);
	}

	@Benchmark
	public Object encode() {
		return this.codec.encode(this.order);
	}

	@Benchmark
	public Object encodeByJacksonAlone() {
		return this.json.writeValueAsBytes(this.order);
	}

	/**
	 * The payload of all benchmarks, about 100 bytes of JSON.
	 *
	 * @param id number of the order
	 * @param customer who ordered
	 * @param quantity how many
	 * @param price price of one
	 * @param sentAt when it was published
	 * @param tags makes it larger
	 */
	public record Order(long id, String customer, int quantity, double price, long sentAt, List<String> tags) {

	}

}
