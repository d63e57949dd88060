package dev.pubsub.redis.metrics;

import dev.pubsub.redis.StreamMessage;
import io.micrometer.common.KeyValues;

/**
 * Names as in OpenTelemetry's semantic conventions for messaging. Stateless: made to be
 * extended.
 *
 * @since 0.1.0
 */
public class DefaultProcessObservationConvention implements ProcessObservationConvention {

	@Override
	public String getName() {
		return ObservedHandlers.NAME;
	}

	@Override
	public String getContextualName(ProcessObservationContext context) {
		return "process " + context.getStream();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(ProcessObservationContext context) {
		return KeyValues.of(MessagingTags.SYSTEM, MessagingTags.REDIS, "messaging.operation.name", "process",
				"messaging.operation.type", "process", MessagingTags.STREAM, context.getStream(), MessagingTags.GROUP,
				context.getGroup());
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(ProcessObservationContext context) {
		StreamMessage<?> first = context.getMessages().get(0);
		if (context.isBatch()) {
			return KeyValues.of("messaging.client.id", first.consumer(), "messaging.batch.message_count",
					Integer.toString(context.getMessages().size()));
		}
		return KeyValues.of("messaging.client.id", first.consumer(), "messaging.message.id", first.id().getValue(),
				"pubsub.attempt", Integer.toString(first.attempt()));
	}

}
