package dev.pubsub.redis.metrics;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.pubsub.redis.producer.PublishInterceptor;
import dev.pubsub.redis.producer.PublishOptions;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Observes each published message ({@value #NAME}) and writes the current trace into its
 * headers. The observation is a point in time: how long publishing takes is not part of
 * it.
 *
 * @since 0.1.0
 */
public final class ObservedPublishing implements PublishInterceptor {

	/**
	 * Name of the observation.
	 */
	public static final String NAME = "pubsub.publish";

	private static final PublishObservationConvention DEFAULT = new DefaultPublishObservationConvention();

	private final ObservationRegistry registry;

	private final @Nullable PublishObservationConvention convention;

	/**
	 * Create an interceptor that uses {@link DefaultPublishObservationConvention}, or one
	 * that the registry has for it.
	 * @param registry gets the observations
	 */
	public ObservedPublishing(ObservationRegistry registry) {
		this(registry, null);
	}

	/**
	 * Create an interceptor.
	 * @param registry gets the observations
	 * @param convention names and key values, {@code null} for the default
	 */
	public ObservedPublishing(ObservationRegistry registry, @Nullable PublishObservationConvention convention) {
		this.registry = registry;
		this.convention = convention;
	}

	@Override
	public PublishOptions beforePublish(String stream, Object payload, PublishOptions options) {
		if (this.registry.isNoop()) {
			return options;
		}
		Map<String, String> headers = new LinkedHashMap<>();
		Observation
			.createNotStarted(this.convention, DEFAULT, () -> new PublishObservationContext(stream, headers),
					this.registry)
			.start()
			.stop();
		headers.keySet().removeAll(options.headers().keySet());
		return headers.isEmpty() ? options : options.withHeaders(headers);
	}

}
