package dev.pubsub.redis.annotation;

import java.time.Instant;

import dev.pubsub.redis.Delivery;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.cron.CronHeaders;
import dev.pubsub.redis.cron.CronJob;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.messaging.MessagingException;

/**
 * Finds out whether a method can be called with the messages of its cron job, which have
 * no payload and no headers but their own: else each fire would be dead-lettered.
 */
final class FireRehearsal {

	private static final Logger logger = LoggerFactory.getLogger(FireRehearsal.class);

	private final StreamMessage<EntryFields> fire;

	private FireRehearsal(StreamMessage<EntryFields> fire) {
		this.fire = fire;
	}

	static FireRehearsal of(CronJob job) {
		EntryFields fields = EntryFields.builder()
			.add(EntryFormat.PUBLISH_TIME, "0")
			.add(EntryFormat.SOURCE, EntryFormat.SOURCE_CRON)
			.add(EntryFormat.HEADER_PREFIX + CronHeaders.FIRE_TIME, Instant.EPOCH.toString())
			.add(EntryFormat.HEADER_PREFIX + CronHeaders.JOB, job.name())
			.build();
		return new FireRehearsal(
				StreamMessage.of(fields, Delivery.of(RecordId.of(0, 1), job.stream(), "rehearsal", "rehearsal")));
	}

	void refuseUnreadable(Declaration declaration, MethodHandler handler) {
		try {
			handler.rehearse(this.fire);
		}
		catch (PayloadConversionException | MessagingException ex) {
			throw declaration.invalid(
					"'cron' adds messages without a payload, which it cannot take (%s)".formatted(ex.getMessage()),
					"Take nothing, StreamMessage<?>, @Payload(required = false) or @Header(required = false).", ex);
		}
		catch (Exception ex) {
			logger.debug("{} could not be tried with a message of its cron job", declaration.location(), ex);
		}
	}

}
