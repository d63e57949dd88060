package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.pubsub.redis.internal.Bounds;
import dev.pubsub.redis.internal.partition.PartitionLayout;

import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * How a producer works. Immutable: each {@code with} method returns a changed copy.
 *
 * @since 0.1.0
 */
public final class ProducerOptions {

	/** A shorter one is over before anybody can publish a message again. */
	private static final Duration SHORTEST_WINDOW = Duration.ofMillis(100);

	private static final ProducerOptions DEFAULTS = new ProducerOptions(Trimming.UNSPECIFIED, Duration.ofSeconds(3),
			DataSize.ofMegabytes(1), 256, 4096, Duration.ofMinutes(10), Durability.none(), Map.of());

	private final Trimming trimming;

	private final Duration timeout;

	private final DataSize maxPayload;

	private final int chunkSize;

	private final int maxInFlight;

	private final Duration idempotencyWindow;

	private final Durability durability;

	private final Map<String, Integer> partitions;

	private ProducerOptions(Trimming trimming, Duration timeout, DataSize maxPayload, int chunkSize, int maxInFlight,
			Duration idempotencyWindow, Durability durability, Map<String, Integer> partitions) {
		Bounds.time("timeout", timeout);
		Assert.isTrue(maxPayload.toBytes() > 0, () -> "'maxPayload' must be positive, was " + maxPayload);
		Assert.isTrue(chunkSize > 0, () -> "'chunkSize' must be positive, was " + chunkSize);
		Assert.isTrue(maxInFlight > 0, () -> "'maxInFlight' must be positive, was " + maxInFlight);
		Bounds.time("idempotencyWindow", idempotencyWindow, SHORTEST_WINDOW);
		this.trimming = trimming;
		this.timeout = timeout;
		this.maxPayload = maxPayload;
		this.chunkSize = chunkSize;
		this.maxInFlight = maxInFlight;
		this.idempotencyWindow = idempotencyWindow;
		this.durability = durability;
		this.partitions = partitions;
	}

	public static ProducerOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Trim streams to a length, unless a message's own options say otherwise. Removes the
	 * oldest entries even if nobody has read them, see
	 * {@link #withAcknowledgedOnly(boolean)}. Default is not to trim.
	 * @param maxLength greatest length, positive
	 * @return the changed copy
	 */
	public ProducerOptions withMaxLength(long maxLength) {
		return withTrimming(this.trimming.withMaxLength(maxLength));
	}

	/**
	 * Set whether trimming may leave a few more entries than asked for. Default is
	 * {@code true}.
	 * @param approximate whether a few more may stay
	 * @return the changed copy
	 */
	public ProducerOptions withApproximate(boolean approximate) {
		return withTrimming(this.trimming.withApproximate(approximate));
	}

	/**
	 * Set whether trimming spares entries that some consumer group has not acknowledged,
	 * and all entries while there is no group. Needs Redis 8.2; older servers do not trim
	 * then. Default is {@code false}.
	 * @param acknowledgedOnly whether only acknowledged entries are removed
	 * @return the changed copy
	 */
	public ProducerOptions withAcknowledgedOnly(boolean acknowledgedOnly) {
		return withTrimming(this.trimming.withAcknowledgedOnly(acknowledgedOnly));
	}

	/**
	 * Set how long publishing waits: for a connection and for Redis to answer. A session
	 * goes on for as long as answers come in, and gives up when none of its chunks was
	 * answered for that time. Default is 3 seconds.
	 * @param timeout longest wait, from a millisecond to a year
	 * @return the changed copy
	 */
	public ProducerOptions withTimeout(Duration timeout) {
		return new ProducerOptions(this.trimming, timeout, this.maxPayload, this.chunkSize, this.maxInFlight,
				this.idempotencyWindow, this.durability, this.partitions);
	}

	/**
	 * Set how large a message may be, all its fields taken together. Larger ones are
	 * refused before anything is sent. Default is 1 MB.
	 * @param maxPayload greatest size
	 * @return the changed copy
	 */
	public ProducerOptions withMaxPayload(DataSize maxPayload) {
		return new ProducerOptions(this.trimming, this.timeout, maxPayload, this.chunkSize, this.maxInFlight,
				this.idempotencyWindow, this.durability, this.partitions);
	}

	/**
	 * Set how many messages of a session are written at once. Default is 256.
	 * @param chunkSize number of messages
	 * @return the changed copy
	 */
	public ProducerOptions withChunkSize(int chunkSize) {
		return new ProducerOptions(this.trimming, this.timeout, this.maxPayload, chunkSize, this.maxInFlight,
				this.idempotencyWindow, this.durability, this.partitions);
	}

	/**
	 * Set how many messages of {@link RedisStreamProducer#publishAsync} to each server
	 * may be without an answer. They stay in memory until then, whatever their size.
	 * Default is 4096.
	 * @param maxInFlight number of messages
	 * @return the changed copy
	 */
	public ProducerOptions withMaxInFlight(int maxInFlight) {
		return new ProducerOptions(this.trimming, this.timeout, this.maxPayload, this.chunkSize, maxInFlight,
				this.idempotencyWindow, this.durability, this.partitions);
	}

	/**
	 * Set how long a message with an idempotency id is recognised on servers before Redis
	 * 8.6; newer ones decide themselves. Default is 10 minutes.
	 * @param idempotencyWindow how long, from 100 ms to a year
	 * @return the changed copy
	 */
	public ProducerOptions withIdempotencyWindow(Duration idempotencyWindow) {
		return new ProducerOptions(this.trimming, this.timeout, this.maxPayload, this.chunkSize, this.maxInFlight,
				idempotencyWindow, this.durability, this.partitions);
	}

	/**
	 * Set what must be confirmed before a message counts as published, unless its own
	 * options say otherwise. Its timeout must be shorter than the one of
	 * {@link #withTimeout(Duration)}. Default is {@link Durability#none()}.
	 * @param durability what to ask for
	 * @return the changed copy
	 */
	public ProducerOptions withDurability(Durability durability) {
		Assert.notNull(durability, "'durability' must not be null");
		return new ProducerOptions(this.trimming, this.timeout, this.maxPayload, this.chunkSize, this.maxInFlight,
				this.idempotencyWindow, durability, this.partitions);
	}

	/**
	 * Spread a stream over several, its partitions. Messages with the same key go to the
	 * same partition, others to each in turn. All applications that publish to the stream
	 * or read it must be told of its partitions.
	 * @param stream name of the stream, without braces
	 * @param partitions number of partitions, from 1 to 256; Redis keeps the first number
	 * that an application comes with
	 * @return the changed copy
	 */
	public ProducerOptions withPartitions(String stream, int partitions) {
		Assert.hasText(stream, "'stream' must not be blank");
		PartitionLayout.requireCount(partitions);
		String refusal = PartitionLayout.refusal(stream);
		Assert.isTrue(refusal == null, () -> "'stream' cannot be used: " + refusal);
		Map<String, Integer> changed = new HashMap<>(this.partitions);
		changed.put(stream, partitions);
		return new ProducerOptions(this.trimming, this.timeout, this.maxPayload, this.chunkSize, this.maxInFlight,
				this.idempotencyWindow, this.durability, Map.copyOf(changed));
	}

	public Duration timeout() {
		return this.timeout;
	}

	public DataSize maxPayload() {
		return this.maxPayload;
	}

	public int chunkSize() {
		return this.chunkSize;
	}

	public int maxInFlight() {
		return this.maxInFlight;
	}

	public Duration idempotencyWindow() {
		return this.idempotencyWindow;
	}

	public Durability durability() {
		return this.durability;
	}

	/**
	 * Return the numbers of partitions.
	 * @return an unmodifiable map, by the names of streams
	 */
	public Map<String, Integer> partitions() {
		return this.partitions;
	}

	Trimming trimming() {
		return this.trimming;
	}

	private ProducerOptions withTrimming(Trimming trimming) {
		return new ProducerOptions(trimming, this.timeout, this.maxPayload, this.chunkSize, this.maxInFlight,
				this.idempotencyWindow, this.durability, this.partitions);
	}

}
