package dev.pubsub.redis.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.pubsub.redis.producer.PublishInterceptor;
import dev.pubsub.redis.producer.PublishOptions;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;

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

	private final ObservationRegistry registry;

	public ObservedPublishing(ObservationRegistry registry) {
		this.registry = registry;
	}

	@Override
	public PublishOptions beforePublish(String stream, Object payload, PublishOptions options) {
		if (this.registry.isNoop()) {
			return options;
		}
		Map<String, String> headers = new LinkedHashMap<>();
		Observation.createNotStarted(NAME, () -> context(headers), this.registry)
			.contextualName(stream + " publish")
			.lowCardinalityKeyValues(KeyValues.of("messaging.system", "redis", "messaging.operation", "publish",
					"messaging.destination.name", stream))
			.start()
			.stop();
		headers.keySet().removeAll(options.headers().keySet());
		return headers.isEmpty() ? options : options.withHeaders(headers);
	}

	private static SenderContext<Map<String, String>> context(Map<String, String> headers) {
		SenderContext<Map<String, String>> context = new SenderContext<>(
				(carrier, name, value) -> Objects.requireNonNull(carrier).put(name, value), Kind.PRODUCER);
		context.setCarrier(headers);
		context.setRemoteServiceName("redis");
		return context;
	}

}
