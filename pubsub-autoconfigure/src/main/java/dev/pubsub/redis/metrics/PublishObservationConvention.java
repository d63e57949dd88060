package dev.pubsub.redis.metrics;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and key values of the observation of a message that is published. A bean of this
 * type takes the place of {@link DefaultPublishObservationConvention}.
 *
 * @since 0.1.0
 */
public interface PublishObservationConvention extends ObservationConvention<PublishObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof PublishObservationContext;
	}

}
