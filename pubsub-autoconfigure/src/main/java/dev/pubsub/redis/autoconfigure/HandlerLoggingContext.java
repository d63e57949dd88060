package dev.pubsub.redis.autoconfigure;

import java.util.List;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.BatchStreamHandler;
import dev.pubsub.redis.listener.StreamHandler;
import dev.pubsub.redis.listener.StreamHandlerDecorator;
import org.slf4j.MDC;

/**
 * Lets each line that a handler logs tell of its message: keys of the {@link MDC} from
 * its start to its end. A batch has its stream and the id of its first message.
 */
final class HandlerLoggingContext implements StreamHandlerDecorator {

	static final String STREAM = "pubsub.stream";

	static final String ID = "pubsub.id";

	static final String ATTEMPT = "pubsub.attempt";

	@Override
	public StreamHandler decorate(StreamHandler handler) {
		return (message, acknowledgment) -> handle(handler, message, acknowledgment);
	}

	private static void handle(StreamHandler handler, StreamMessage<EntryFields> message, Acknowledgment acknowledgment)
			throws Exception {
		try {
			put(message);
			MDC.put(ATTEMPT, Integer.toString(message.attempt()));
			handler.handle(message, acknowledgment);
		}
		finally {
			clear();
		}
	}

	@Override
	public BatchStreamHandler decorateBatch(BatchStreamHandler handler) {
		return (messages, acknowledgments) -> handle(handler, messages, acknowledgments);
	}

	private static void handle(BatchStreamHandler handler, List<StreamMessage<EntryFields>> messages,
			List<Acknowledgment> acknowledgments) throws Exception {
		try {
			put(messages.get(0));
			handler.handle(messages, acknowledgments);
		}
		finally {
			clear();
		}
	}

	private static void put(StreamMessage<?> message) {
		MDC.put(STREAM, message.stream());
		MDC.put(ID, message.id().getValue());
	}

	private static void clear() {
		MDC.remove(STREAM);
		MDC.remove(ID);
		MDC.remove(ATTEMPT);
	}

}
