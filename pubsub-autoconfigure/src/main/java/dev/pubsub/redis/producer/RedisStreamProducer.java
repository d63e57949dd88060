package dev.pubsub.redis.producer;

import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.internal.redis.ConnectionSource;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Publishes messages to Redis streams: one by one, asynchronously, or collected in
 * sessions. Nothing is ever sent twice behind the caller's back; what is not known to
 * have arrived is reported as such. Thread-safe.
 * <p>
 * Connections are the producer's own and are opened when first needed.
 *
 * @since 0.1.0
 */
public interface RedisStreamProducer extends AutoCloseable {

	/**
	 * Publish a message and wait until Redis has it.
	 * @param stream key of the stream
	 * @param payload what to publish
	 * @return id of the entry
	 * @throws PublishException if it is not known to be published
	 * @throws dev.pubsub.redis.PayloadConversionException if the payload cannot be
	 * written or is too large
	 */
	default RecordId publish(String stream, Object payload) {
		return publish(stream, payload, PublishOptions.defaults());
	}

	/**
	 * Publish a message and wait until Redis has it.
	 * @param stream key of the stream
	 * @param payload what to publish
	 * @param options how to publish it
	 * @return id of the entry
	 * @throws PublishException if it is not known to be published
	 * @throws dev.pubsub.redis.PayloadConversionException if the payload cannot be
	 * written or is too large
	 */
	RecordId publish(String stream, Object payload, PublishOptions options);

	/**
	 * Publish a message without waiting for Redis. Messages that one thread publishes so
	 * keep their order.
	 * @param stream key of the stream
	 * @param payload what to publish
	 * @return id of the entry; see {@link #publishAsync(String, Object, PublishOptions)}
	 */
	default CompletableFuture<RecordId> publishAsync(String stream, Object payload) {
		return publishAsync(stream, payload, PublishOptions.defaults());
	}

	/**
	 * Publish a message without waiting for Redis. Messages that one thread publishes so
	 * keep their order; {@link #publish} and sessions do not wait for them and may
	 * overtake them. When {@linkplain ProducerOptions#maxInFlight() too many} are without
	 * an answer the call waits, at most for the timeout. When Redis is away the future
	 * fails at once: nothing is kept to be sent later. Callbacks run on the connection's
	 * thread and must not block; {@link #publish} and {@link ProducerSession#commit()}
	 * are refused there.
	 * @param stream key of the stream
	 * @param payload what to publish
	 * @param options how to publish it
	 * @return id of the entry; fails with {@link PublishException},
	 * {@link dev.pubsub.redis.PayloadConversionException} or what a
	 * {@link PublishInterceptor} throws
	 */
	CompletableFuture<RecordId> publishAsync(String stream, Object payload, PublishOptions options);

	/**
	 * Return the session of the current web request or transaction: the same one each
	 * time, until its end.
	 * <p>
	 * Outside of both it is <em>a new one at each call</em>, as with
	 * {@link #newSession()}: keep it in a variable, and call
	 * {@link ProducerSession#commit()} on it. One that is given up with messages in it is
	 * reported with a warning when the garbage collector finds it, and they are not
	 * published.
	 * @return the session
	 */
	ProducerSession session();

	/**
	 * Return a new session, which has nothing to do with the current request or
	 * transaction, and which only the caller commits.
	 * @return the session, empty
	 */
	ProducerSession newSession();

	/**
	 * Wait, at most for the timeout, until Redis has answered what was published and what
	 * sessions have committed, and close the connections. A warning tells of messages in
	 * sessions that were not committed.
	 */
	@Override
	void close();

	/**
	 * Return a producer with default settings, which publishes to the server of the given
	 * factory.
	 * @param connectionFactory tells where the server is and how to talk to it; only its
	 * configuration is used
	 * @return the producer; the caller closes it
	 */
	static RedisStreamProducer create(LettuceConnectionFactory connectionFactory) {
		return builder(connectionFactory).build();
	}

	/**
	 * Return a builder of a producer with connections of its own.
	 * @param connectionFactory tells where the server is and how to talk to it; only its
	 * configuration is used
	 * @return the builder
	 */
	static ProducerBuilder builder(LettuceConnectionFactory connectionFactory) {
		return new ProducerBuilder(ConnectionSource.of(connectionFactory));
	}

	/**
	 * Return a builder of a producer over connections that others share.
	 * @param connections the connections; the producer does not close them
	 * @return the builder
	 */
	static ProducerBuilder builder(SharedConnections connections) {
		return new ProducerBuilder(ConnectionSource.of(connections));
	}

}
