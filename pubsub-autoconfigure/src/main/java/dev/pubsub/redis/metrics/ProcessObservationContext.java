package dev.pubsub.redis.metrics;

import java.util.List;
import java.util.Map;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/**
 * What is known of a call of a handler. The carrier has the headers of the message; that
 * of a batch is empty, since its messages may belong to many traces.
 *
 * @since 0.1.0
 */
public final class ProcessObservationContext extends ReceiverContext<Map<String, String>> {

	private final List<StreamMessage<EntryFields>> messages;

	private final boolean batch;

	private ProcessObservationContext(List<StreamMessage<EntryFields>> messages, boolean batch) {
		super((carrier, name) -> (carrier != null) ? carrier.get(name) : null, Kind.CONSUMER);
		this.messages = List.copyOf(messages);
		this.batch = batch;
		setCarrier(batch ? Map.of() : messages.get(0).headers());
		setRemoteServiceName("redis");
	}

	static ProcessObservationContext of(StreamMessage<EntryFields> message) {
		return new ProcessObservationContext(List.of(message), false);
	}

	static ProcessObservationContext ofBatch(List<StreamMessage<EntryFields>> messages) {
		return new ProcessObservationContext(messages, true);
	}

	/**
	 * Return what the handler is given.
	 * @return the messages, one unless it is a batch
	 */
	public List<StreamMessage<EntryFields>> getMessages() {
		return this.messages;
	}

	/**
	 * Return whether the handler takes batches.
	 * @return whether it is a batch, also one of a single message
	 */
	public boolean isBatch() {
		return this.batch;
	}

	/**
	 * Return the stream.
	 * @return its name
	 */
	public String getStream() {
		return this.messages.get(0).stream();
	}

	/**
	 * Return the consumer group.
	 * @return its name
	 */
	public String getGroup() {
		return this.messages.get(0).group();
	}

}
