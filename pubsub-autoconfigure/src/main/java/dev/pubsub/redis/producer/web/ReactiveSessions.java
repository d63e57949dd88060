package dev.pubsub.redis.producer.web;

import java.util.Optional;

import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.ScopedSessions;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.web.server.ServerWebExchange;

/**
 * The sessions of reactive web exchanges, found where a reactive program keeps such
 * things: in the exchange and in the Reactor context. Needs a
 * {@link ReactiveSessionFilter} in front of whatever publishes.
 *
 * @since 0.1.0
 */
public final class ReactiveSessions {

	static final String SESSIONS = ReactiveSessions.class.getName();

	private ReactiveSessions() {
	}

	/**
	 * Return the session of the exchange that the subscriber works for, or a new one
	 * outside of an exchange.
	 * @param producer where the session comes from
	 * @return the session
	 */
	public static Mono<ProducerSession> current(RedisStreamProducer producer) {
		return Mono.deferContextual(
				(context) -> Mono.fromSupplier(() -> find(context, producer).orElseGet(producer::newSession)));
	}

	/**
	 * Return the session of an exchange.
	 * @param exchange the exchange
	 * @param producer where the session comes from
	 * @return the session, a new one if the exchange is over
	 */
	public static ProducerSession of(ServerWebExchange exchange, RedisStreamProducer producer) {
		ScopedSessions sessions = exchange.getAttribute(SESSIONS);
		Optional<ProducerSession> session = (sessions != null) ? sessions.find(producer) : Optional.empty();
		return session.orElseGet(producer::newSession);
	}

	private static Optional<ProducerSession> find(ContextView context, RedisStreamProducer producer) {
		return context.<ScopedSessions>getOrEmpty(SESSIONS).flatMap((sessions) -> sessions.find(producer));
	}

}
