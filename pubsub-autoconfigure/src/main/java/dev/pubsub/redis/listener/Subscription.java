package dev.pubsub.redis.listener;

import java.util.List;
import java.util.stream.Stream;

import dev.pubsub.redis.internal.delivery.DeliverySettings;
import dev.pubsub.redis.internal.redis.StreamGroup;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Who handles which stream in which group, and how. Immutable.
 *
 * @since 0.1.0
 */
public final class Subscription {

	private final String id;

	private final String stream;

	private final String group;

	private final @Nullable StreamHandler handler;

	private final @Nullable BatchStreamHandler batchHandler;

	private final Settings settings;

	private final List<String> partitions;

	private Subscription(String id, String stream, String group, @Nullable StreamHandler handler,
			@Nullable BatchStreamHandler batchHandler, Settings settings, List<String> partitions) {
		Assert.hasText(id, "'id' must not be blank");
		Assert.hasText(stream, "'stream' must not be blank");
		Assert.hasText(group, "'group' must not be blank");
		this.id = id;
		this.stream = stream;
		this.group = group;
		this.handler = handler;
		this.batchHandler = batchHandler;
		this.settings = settings;
		this.partitions = partitions;
	}

	/**
	 * Return a subscription that handles one message at a time.
	 * @param stream key of the stream
	 * @param group consumer group
	 * @param handler handles the messages
	 * @return the subscription, with defaults for everything else
	 */
	public static Subscription of(String stream, String group, StreamHandler handler) {
		return new Subscription(group + "." + stream, stream, group, handler, null, Settings.DEFAULTS, List.of());
	}

	/**
	 * Return a subscription that handles as many messages at once as are there, up to
	 * {@link ContainerOptions#withReadCount}.
	 * @param stream key of the stream
	 * @param group consumer group
	 * @param handler handles the messages
	 * @return the subscription, with defaults for everything else
	 */
	public static Subscription ofBatches(String stream, String group, BatchStreamHandler handler) {
		return new Subscription(group + "." + stream, stream, group, null, handler, Settings.DEFAULTS, List.of());
	}

	/**
	 * Return a copy with another name.
	 * @param id name in the registry, in logs and metrics
	 * @return the copy
	 */
	public Subscription withId(String id) {
		return new Subscription(id, this.stream, this.group, this.handler, this.batchHandler, this.settings,
				this.partitions);
	}

	public Subscription withOptions(ContainerOptions options) {
		return with(
				new Settings(options, this.settings.redelivery, this.settings.deadLetters, this.settings.errorHandler));
	}

	public Subscription withRedelivery(Redelivery redelivery) {
		return with(
				new Settings(this.settings.options, redelivery, this.settings.deadLetters, this.settings.errorHandler));
	}

	public Subscription withDeadLetters(DeadLetterPolicy deadLetters) {
		return with(
				new Settings(this.settings.options, this.settings.redelivery, deadLetters, this.settings.errorHandler));
	}

	public Subscription withErrorHandler(StreamErrorHandler errorHandler) {
		return with(
				new Settings(this.settings.options, this.settings.redelivery, this.settings.deadLetters, errorHandler));
	}

	public String id() {
		return this.id;
	}

	public String stream() {
		return this.stream;
	}

	/**
	 * Return the partitions of the stream.
	 * @return keys of the partitions; none if it is not partitioned, and before Redis has
	 * told its container which there are
	 */
	public List<String> partitions() {
		return this.partitions;
	}

	/**
	 * Return all that is read.
	 * @return key of the stream itself, then those of its partitions
	 */
	public List<String> streams() {
		return Stream.concat(Stream.of(this.stream), this.partitions.stream()).toList();
	}

	public String group() {
		return this.group;
	}

	public boolean isBatch() {
		return this.batchHandler != null;
	}

	public ContainerOptions options() {
		return this.settings.options;
	}

	public Redelivery redelivery() {
		return this.settings.redelivery;
	}

	public DeadLetterPolicy deadLetters() {
		return this.settings.deadLetters;
	}

	/**
	 * Return where messages go that are given up.
	 * @return key of the dead-letter stream, {@code null} if there is none
	 */
	public @Nullable String deadLetterStream() {
		return deadLetterStream(this.stream);
	}

	/**
	 * Return where messages of a partition go that are given up.
	 * @param partition key of the partition
	 * @return key of the dead-letter stream, {@code null} if there is none
	 */
	public @Nullable String deadLetterStream(String partition) {
		return deadLetters().target(partition);
	}

	public @Nullable StreamErrorHandler errorHandler() {
		return this.settings.errorHandler;
	}

	/**
	 * Return what handles one message at a time, {@code null} where batches are handled.
	 */
	@Nullable StreamHandler handler() {
		return this.handler;
	}

	/**
	 * Return what handles batches, {@code null} where one message is handled at a time.
	 */
	@Nullable BatchStreamHandler batchHandler() {
		return this.batchHandler;
	}

	/**
	 * Return what the consumers of this subscription need to know of it.
	 * @param stream the stream, or a partition of it
	 */
	DeliverySettings deliverySettings(String stream) {
		ContainerOptions options = options();
		Assert.isTrue(!options.ordered() || !options.ackMode().isAtMostOnce(), () -> "'ordered' of " + this
				+ " takes another 'ackMode' than NONE: a message that counts as handled cannot hold up others");
		return new DeliverySettings(this.id, new StreamGroup(stream, this.group),
				new DeliverySettings.Reading(options.consumerName(), options.startFrom() == StartFrom.LATEST,
						options.ackMode().isAtMostOnce(), options.readCount(), options.readBytes().toBytes(),
						options.block()),
				new DeliverySettings.Handling(options.threads(), options.ordered(), isBatch(),
						redelivery().maxAttempts(), redelivery().timeout(), options.shutdownTimeout()),
				new DeliverySettings.Leases(options.lease(), options.claimInterval(), options.reapIdleAfter()),
				options.deleteAfterAck(), new DeliverySettings.DeadLettering(deadLetterStream(stream),
						deadLetters().maxLength(), deadLetters().message(), deadLetters().stackTrace()));
	}

	Subscription withPartitions(List<String> partitions) {
		return new Subscription(this.id, this.stream, this.group, this.handler, this.batchHandler, this.settings,
				partitions);
	}

	private Subscription with(Settings settings) {
		return new Subscription(this.id, this.stream, this.group, this.handler, this.batchHandler, settings,
				this.partitions);
	}

	@Override
	public String toString() {
		return this.id + " (stream " + this.stream + ", group " + this.group + ")";
	}

	private record Settings(ContainerOptions options, Redelivery redelivery, DeadLetterPolicy deadLetters,
			@Nullable StreamErrorHandler errorHandler) {

		private static final Settings DEFAULTS = new Settings(ContainerOptions.defaults(), Redelivery.defaults(),
				DeadLetterPolicy.defaults(), null);

	}

}
