package dev.pubsub.redis.annotation;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.pubsub.redis.StreamMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * A message as Spring's argument resolvers know it. Its headers are collected when they
 * are first asked for, and cost no random id. Confined to one thread.
 */
final class EntryMessage implements Message<Object> {

	private final StreamMessage<?> message;

	private @Nullable MessageHeaders headers;

	EntryMessage(StreamMessage<?> message) {
		this.message = message;
	}

	@Override
	public Object getPayload() {
		return this.message.payload();
	}

	@Override
	public MessageHeaders getHeaders() {
		if (this.headers == null) {
			this.headers = new EntryHeaders(collect(this.message));
		}
		return this.headers;
	}

	@Override
	public String toString() {
		return this.message.toString();
	}

	private static Map<String, Object> collect(StreamMessage<?> message) {
		Map<String, Object> headers = new LinkedHashMap<>(message.headers());
		headers.put(PubSubHeaders.ID, message.id().getValue());
		headers.put(PubSubHeaders.STREAM, message.stream());
		headers.put(PubSubHeaders.GROUP, message.group());
		headers.put(PubSubHeaders.CONSUMER, message.consumer());
		headers.put(PubSubHeaders.ATTEMPT, Integer.toString(message.attempt()));
		headers.put(PubSubHeaders.SOURCE, message.source());
		headers.put(PubSubHeaders.PUBLISH_TIME, message.publishTime().toString());
		return headers;
	}

	/**
	 * Headers without an id and a time of their own, so that a producer may use these
	 * names.
	 */
	private static final class EntryHeaders extends MessageHeaders {

		private static final Long NO_TIMESTAMP = -1L;

		EntryHeaders(Map<String, Object> headers) {
			super(null, ID_VALUE_NONE, NO_TIMESTAMP);
			getRawHeaders().putAll(headers);
		}

	}

}
