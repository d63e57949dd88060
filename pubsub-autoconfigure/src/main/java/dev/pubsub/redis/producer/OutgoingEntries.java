package dev.pubsub.redis.producer;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.codec.PayloadCodec;
import dev.pubsub.redis.internal.redis.RedisScript;
import dev.pubsub.redis.internal.redis.SharedKeys;
import dev.pubsub.redis.internal.redis.StreamNames;

import org.springframework.util.Assert;

/**
 * Turns payloads into entries: asks the interceptors, encodes, adds what every entry
 * carries, checks the size.
 */
final class OutgoingEntries {

	private static final byte[] PUBLISH_TIME = EntryFormat.PUBLISH_TIME.getBytes(StandardCharsets.US_ASCII);

	private static final byte[] SOURCE = EntryFormat.SOURCE.getBytes(StandardCharsets.US_ASCII);

	private static final byte[] SOURCE_PRODUCER = EntryFormat.SOURCE_PRODUCER.getBytes(StandardCharsets.US_ASCII);

	private final SharedKeys sharedKeys = new SharedKeys("Publishing to");

	private final PayloadCodec codec;

	private final List<PublishInterceptor> interceptors;

	private final ProducerOptions defaults;

	private final Clock clock;

	private final StreamNames names;

	OutgoingEntries(PayloadCodec codec, List<PublishInterceptor> interceptors, ProducerOptions defaults, Clock clock,
			StreamNames names) {
		this.codec = codec;
		this.interceptors = List.copyOf(interceptors);
		this.defaults = defaults;
		this.clock = clock;
		this.names = names;
	}

	void requireUsable(String stream, PublishOptions options) {
		Assert.hasText(stream, "'stream' must not be blank");
		Assert.notNull(options, "'options' must not be null");
		String refusal = this.names.refusal(stream);
		Assert.isTrue(refusal == null, () -> "'stream' cannot be used: " + refusal + ". " + StreamNames.CURE);
	}

	OutgoingEntry of(String stream, Object payload, PublishOptions options) {
		requireUsable(stream, options);
		this.sharedKeys.look(stream);
		PublishOptions decided = options;
		for (PublishInterceptor interceptor : this.interceptors) {
			decided = interceptor.beforePublish(stream, payload, decided);
		}
		OutgoingEntry entry = new OutgoingEntry(stream, fields(payload, decided), decided, this.defaults);
		checkSize(entry);
		return entry;
	}

	private EntryFields fields(Object payload, PublishOptions options) {
		EntryFields.Builder fields = EntryFields.builder();
		fields.addAll(this.codec.encode(payload));
		fields.add(PUBLISH_TIME, Long.toString(this.clock.millis()).getBytes(StandardCharsets.US_ASCII));
		fields.add(SOURCE, SOURCE_PRODUCER);
		options.addTo(fields);
		return fields.build();
	}

	private void checkSize(OutgoingEntry entry) {
		long max = this.defaults.maxPayload().toBytes();
		if (entry.size() > max) {
			throw new PayloadConversionException("The message for stream \"" + entry.stream() + "\" has " + entry.size()
					+ " bytes, more than the allowed " + max + ": raise pubsub.redis.producer.max-payload,"
					+ " or publish where the data can be found");
		}
		// Scripts publish, dead-letter and redrive it.
		if (entry.fields() > RedisScript.MOST_PUBLISHED_FIELDS) {
			throw new PayloadConversionException("The message for stream \"" + entry.stream() + "\" has "
					+ entry.fields() + " fields, more than the allowed " + RedisScript.MOST_PUBLISHED_FIELDS
					+ ": publish an object, which becomes one field");
		}
	}

}
