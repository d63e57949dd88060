package dev.pubsub.redis.metrics;

import io.micrometer.common.KeyValues;

/**
 * Names as in OpenTelemetry's semantic conventions for messaging. Stateless: made to be
 * extended.
 *
 * @since 0.1.0
 */
public class DefaultPublishObservationConvention implements PublishObservationConvention {

	@Override
	public String getName() {
		return ObservedPublishing.NAME;
	}

	@Override
	public String getContextualName(PublishObservationContext context) {
		return "publish " + context.getStream();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(PublishObservationContext context) {
		return KeyValues.of(MessagingTags.SYSTEM, MessagingTags.REDIS, "messaging.operation.name", "publish",
				"messaging.operation.type", "send", MessagingTags.STREAM, context.getStream());
	}

}
