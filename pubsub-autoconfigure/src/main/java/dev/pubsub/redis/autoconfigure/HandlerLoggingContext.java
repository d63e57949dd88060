package dev.pubsub.redis.autoconfigure;

import java.util.List;
import java.util.Map;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.listener.Acknowledgment;
import dev.pubsub.redis.listener.BatchStreamHandler;
import dev.pubsub.redis.listener.StreamHandler;
import dev.pubsub.redis.listener.StreamHandlerDecorator;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Lets each line that a handler logs tell of its message: keys of the {@link MDC} from
 * its start to its end. A batch has its stream and the id of its first message. After
 * that the MDC is as it was before: also without what the handler left in it.
 */
final class HandlerLoggingContext implements StreamHandlerDecorator {

	static final String STREAM = "pubsub.stream";

	static final String ID = "pubsub.id";

	static final String ATTEMPT = "pubsub.attempt";

	/** Saves a text for each message that comes for the first time. */
	private static final String FIRST = "1";

	@Override
	public StreamHandler decorate(StreamHandler handler) {
		return (message, acknowledgment) -> handle(handler, message, acknowledgment);
	}

	private static void handle(StreamHandler handler, StreamMessage<EntryFields> message, Acknowledgment acknowledgment)
			throws Exception {
		Map<String, String> before = MDC.getCopyOfContextMap();
		try {
			put(message);
			int attempt = message.attempt();
			MDC.put(ATTEMPT, (attempt == 1) ? FIRST : Integer.toString(attempt));
			handler.handle(message, acknowledgment);
		}
		finally {
			restore(before);
		}
	}

	@Override
	public BatchStreamHandler decorateBatch(BatchStreamHandler handler) {
		return (messages, acknowledgments) -> handle(handler, messages, acknowledgments);
	}

	private static void handle(BatchStreamHandler handler, List<StreamMessage<EntryFields>> messages,
			List<Acknowledgment> acknowledgments) throws Exception {
		Map<String, String> before = MDC.getCopyOfContextMap();
		try {
			put(messages.get(0));
			handler.handle(messages, acknowledgments);
		}
		finally {
			restore(before);
		}
	}

	private static void put(StreamMessage<?> message) {
		MDC.put(STREAM, message.stream());
		MDC.put(ID, message.id().getValue());
	}

	/**
	 * Mostly there was nothing, and then it takes less than to remove one key after the
	 * other.
	 */
	private static void restore(@Nullable Map<String, String> before) {
		if (before == null || before.isEmpty()) {
			MDC.clear();
		}
		else {
			MDC.setContextMap(before);
		}
	}

}
