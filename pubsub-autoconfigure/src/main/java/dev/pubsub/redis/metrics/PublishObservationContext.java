package dev.pubsub.redis.metrics;

import java.util.Map;
import java.util.Objects;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;

/**
 * What is known of a message that is published. The carrier takes headers.
 *
 * @since 0.1.0
 */
public final class PublishObservationContext extends SenderContext<Map<String, String>> {

	private final String stream;

	PublishObservationContext(String stream, Map<String, String> headers) {
		super((carrier, name, value) -> Objects.requireNonNull(carrier).put(name, value), Kind.PRODUCER);
		this.stream = stream;
		setCarrier(headers);
		setRemoteServiceName("redis");
	}

	/**
	 * Return the stream.
	 * @return its name
	 */
	public String getStream() {
		return this.stream;
	}

}
