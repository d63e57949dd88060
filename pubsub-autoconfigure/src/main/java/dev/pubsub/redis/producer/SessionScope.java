package dev.pubsub.redis.producer;

import java.util.Optional;

/**
 * Knows what the current session is: that of the web request or of the transaction that
 * the calling thread works for. Implementations are thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SessionScope {

	/**
	 * Return the current session, the same one within one request or transaction.
	 * @param producer makes the session when there was none yet, with
	 * {@link RedisStreamProducer#newSession()}
	 * @return the session, empty outside of requests and transactions
	 */
	Optional<ProducerSession> find(RedisStreamProducer producer);

	/**
	 * Return a scope where no session is ever current.
	 * @return the scope
	 */
	static SessionScope none() {
		return (producer) -> Optional.empty();
	}

}
