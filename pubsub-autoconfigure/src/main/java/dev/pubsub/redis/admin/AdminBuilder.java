package dev.pubsub.redis.admin;

import java.time.Duration;
import java.util.function.UnaryOperator;

import dev.pubsub.redis.internal.Bounds;
import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.listener.DeadLetterPolicy;

/**
 * Puts a {@link StreamAdmin} together, see
 * {@link StreamAdmin#builder(org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory)}.
 * Not thread-safe.
 *
 * @since 0.1.0
 */
public final class AdminBuilder {

	private ConnectionSource source;

	private Duration timeout = Duration.ofSeconds(5);

	private UnaryOperator<String> deadLetterSuffix = (stream) -> DeadLetterPolicy.defaults().suffix();

	AdminBuilder(ConnectionSource source) {
		this.source = source;
	}

	/**
	 * Set what the names of dead-letter streams end in. Default is where
	 * {@link DeadLetterPolicy#defaults()} puts them.
	 * @param deadLetterSuffix gives the suffix by the name of a stream
	 * @return this builder
	 */
	public AdminBuilder deadLetterSuffix(UnaryOperator<String> deadLetterSuffix) {
		this.deadLetterSuffix = deadLetterSuffix;
		return this;
	}

	/**
	 * Set what all keys in Redis start with, so that several environments can share a
	 * server. Names in messages, events and meters are without it. Default is nothing.
	 * @param keyPrefix the prefix, such as {@code staging:}, at most 128 characters and
	 * no brace, space or control character
	 * @return this builder
	 * @throws IllegalStateException when it is built over shared connections, which have
	 * a prefix of their own
	 */
	public AdminBuilder keyPrefix(String keyPrefix) {
		this.source = this.source.withKeyPrefix(keyPrefix);
		return this;
	}

	/**
	 * Set how long a call waits for Redis: so long for a connection, and so long again
	 * for the reply.
	 * @param timeout the longest wait, greater than zero; default 5 s
	 * @return this builder
	 */
	public AdminBuilder timeout(Duration timeout) {
		Bounds.time("timeout", timeout);
		this.timeout = timeout;
		return this;
	}

	/**
	 * Build the admin, which connects when it is first used.
	 * @return the admin; the caller closes it
	 */
	public StreamAdmin build() {
		return new DefaultStreamAdmin(this.source.open(), this.timeout, this.deadLetterSuffix);
	}

}
