package dev.pubsub.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.util.StringUtils;

/**
 * A message as its handler sees it: the payload and what is known about its delivery.
 * Immutable.
 *
 * @param <T> type of the payload
 * @since 0.1.0
 */
public final class StreamMessage<T> {

	private final EntryFields fields;

	private final T payload;

	private final Delivery delivery;

	private StreamMessage(EntryFields fields, T payload, Delivery delivery) {
		this.fields = fields;
		this.payload = payload;
		this.delivery = delivery;
	}

	/**
	 * Return a message whose payload is the entry itself.
	 * @param fields fields of the entry
	 * @param delivery which entry it is, and how it was delivered
	 * @return the message
	 */
	public static StreamMessage<EntryFields> of(EntryFields fields, Delivery delivery) {
		return new StreamMessage<>(fields, fields, delivery);
	}

	/**
	 * Return the same message with another payload.
	 * @param <S> type of the other payload
	 * @param payload the other payload
	 * @return the copy
	 */
	public <S> StreamMessage<S> withPayload(S payload) {
		return new StreamMessage<>(this.fields, payload, this.delivery);
	}

	/**
	 * Return the id of the message.
	 * @return the id of its entry
	 */
	public RecordId id() {
		return this.delivery.id();
	}

	/**
	 * Return the stream that the message was read from.
	 * @return name of the stream
	 */
	public String stream() {
		return this.delivery.stream();
	}

	/**
	 * Return the consumer group that the message was delivered to.
	 * @return name of the group
	 */
	public String group() {
		return this.delivery.group();
	}

	/**
	 * Return the consumer that the message was delivered to.
	 * @return name of the consumer
	 */
	public String consumer() {
		return this.delivery.consumer();
	}

	/**
	 * Return the token of the consumer where it owns the stream, as it does for a
	 * subscription that is ordered. A later owner has a greater one: a system that keeps
	 * the greatest it has seen can refuse what an owner sends that has lost the stream.
	 * @return the token, empty for a subscription that is not ordered
	 */
	public OptionalLong token() {
		return this.delivery.token();
	}

	/**
	 * Return the payload.
	 * @return the payload
	 */
	public T payload() {
		return this.payload;
	}

	/**
	 * Return the key that the producer gave.
	 * @return the key, {@code null} if the message has none
	 */
	public @Nullable String key() {
		String key = this.fields.getText(EntryFormat.KEY);
		return StringUtils.hasLength(key) ? key : null;
	}

	/**
	 * Return the headers that the producer gave, without their prefix.
	 * @return an unmodifiable map
	 */
	public Map<String, String> headers() {
		Map<String, String> headers = new LinkedHashMap<>();
		this.fields.forEach((name, value) -> {
			String text = new String(name, StandardCharsets.UTF_8);
			if (text.startsWith(EntryFormat.HEADER_PREFIX)) {
				headers.putIfAbsent(text.substring(EntryFormat.HEADER_PREFIX.length()),
						new String(value, StandardCharsets.UTF_8));
			}
		});
		return Collections.unmodifiableMap(headers);
	}

	/**
	 * Return the number of this attempt.
	 * @return 1 for the first attempt
	 */
	public int attempt() {
		return this.delivery.attempt();
	}

	/**
	 * Return how often the message was redelivered.
	 * @return 0 for the first attempt
	 */
	public int retryCount() {
		return this.delivery.attempt() - 1;
	}

	/**
	 * Return who published the message: {@code producer}, {@code cron} or what the entry
	 * says.
	 * @return the source, {@code producer} when the entry does not say
	 */
	public String source() {
		String source = this.fields.getText(EntryFormat.SOURCE);
		return (source != null) ? source : EntryFormat.SOURCE_PRODUCER;
	}

	/**
	 * Return when the message was published.
	 * @return the time that the producer wrote, else the time of the entry's id; at most
	 * the time that has {@link Long#MAX_VALUE} milliseconds
	 */
	public Instant publishTime() {
		Instant written = parse(this.fields.getText(EntryFormat.PUBLISH_TIME));
		if (written != null) {
			return written;
		}
		return timeOf(id());
	}

	/**
	 * Return how long the message had waited since its previous delivery.
	 * @return zero for the first attempt
	 */
	public Duration idle() {
		return this.delivery.idle();
	}

	/**
	 * Return the raw entry, reserved fields included.
	 * @return the values by field name, unmodifiable
	 */
	public Map<String, byte[]> fields() {
		return this.fields.asMap();
	}

	/**
	 * Return what identifies the message, without its payload.
	 */
	@Override
	public String toString() {
		return "StreamMessage[" + stream() + " " + id() + ", group " + group() + ", consumer " + consumer()
				+ ", attempt " + attempt() + "]";
	}

	/**
	 * Read the number without a sign: Redis takes ids up to 64 bits, and anybody who may
	 * write to the stream can choose them.
	 */
	private static Instant timeOf(RecordId id) {
		String text = id.getValue();
		int end = text.indexOf('-');
		try {
			long millis = Long.parseUnsignedLong((end < 0) ? text : text.substring(0, end));
			return Instant.ofEpochMilli((millis < 0) ? Long.MAX_VALUE : millis);
		}
		catch (NumberFormatException ex) {
			return Instant.EPOCH;
		}
	}

	private static @Nullable Instant parse(@Nullable String epochMillis) {
		if (epochMillis == null) {
			return null;
		}
		try {
			double millis = Double.parseDouble(epochMillis);
			return Double.isNaN(millis) ? null : Instant.ofEpochMilli((long) millis);
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

}
