package dev.pubsub.redis.producer;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Messages that are collected first and then sent together, in few packets. One session
 * may hold messages for several streams. It is no transaction: after a failure some
 * messages may be in Redis and others not, and {@link PublishException} says which.
 * <p>
 * A session is a list in memory: {@code add} sends nothing, {@link #commit()} does. A
 * session of a web request or transaction ends with it, and {@link SessionFlush} decides
 * what becomes of messages that are left. Any other one is committed by whoever got it
 * from the producer. What it holds when it becomes unreachable is lost, with a warning.
 * <p>
 * A session belongs to one thread, the first that uses it; calls from another thread fail
 * with {@link IllegalStateException}. That of a servlet request goes with the request
 * when it goes on in a {@link java.util.concurrent.Callable} or on another thread of the
 * server. A session of a reactive exchange may move between threads, but must not be used
 * by two at the same time.
 *
 * @since 0.1.0
 */
public interface ProducerSession {

	/**
	 * Add a message. It is encoded at once, so that a payload that cannot be written
	 * fails here, and later changes to the object do not matter.
	 * @param stream key of the stream
	 * @param payload what to publish
	 * @return this session
	 * @throws dev.pubsub.redis.PayloadConversionException if the payload cannot be
	 * written or is too large
	 */
	default ProducerSession add(String stream, Object payload) {
		return add(stream, payload, PublishOptions.defaults());
	}

	/**
	 * Add a message.
	 * @param stream key of the stream
	 * @param payload what to publish
	 * @param options how to publish it
	 * @return this session
	 * @throws dev.pubsub.redis.PayloadConversionException if the payload cannot be
	 * written or is too large
	 */
	ProducerSession add(String stream, Object payload, PublishOptions options);

	/**
	 * Return how many messages are waiting to be sent.
	 * @return the number of messages
	 */
	int size();

	/**
	 * Forget all messages that are waiting to be sent.
	 */
	void clear();

	/**
	 * Send all messages and wait until Redis has answered for each: for a connection at
	 * most for the {@linkplain ProducerOptions#withTimeout timeout}, and then for as long
	 * as none of the chunks takes longer than that to be answered. Afterwards the session
	 * is empty and can be used again. After a failure it holds the messages that Redis
	 * does not, or perhaps not, have: committing it again sends them all, those of
	 * unknown fate included, so use {@link PublishException#retryable()} to avoid
	 * duplicates.
	 * @return the ids in the order in which the messages were added
	 * @throws PublishException if not all messages are known to be sent
	 */
	List<RecordId> commit();

	/**
	 * Send all messages without waiting. The session must not be used again until Redis
	 * has answered, which completes the future. To cancel the future, or to let it time
	 * out, does not stop the commit.
	 * @return the ids in the order in which the messages were added; fails with
	 * {@link PublishException}
	 */
	CompletableFuture<List<RecordId>> commitAsync();

	/**
	 * Do the same as {@link #commit()}.
	 * @return the ids in the order in which the messages were added
	 * @throws PublishException if not all messages are known to be sent
	 */
	default List<RecordId> publish() {
		return commit();
	}

	/**
	 * Return a session that stands for whichever session is the current one when it is
	 * used, so that it can be injected into a singleton.
	 * @param producer where the sessions come from
	 * @param scope what the current session is
	 * @return a session that fails with {@link IllegalStateException} when used where
	 * there is no current session, and may be used from any thread
	 */
	static ProducerSession current(RedisStreamProducer producer, SessionScope scope) {
		return new CurrentSession(producer, scope);
	}

}
