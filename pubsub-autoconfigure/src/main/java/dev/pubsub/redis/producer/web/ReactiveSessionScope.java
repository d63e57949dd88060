package dev.pubsub.redis.producer.web;

import java.util.Optional;

import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.ScopedSessions;
import dev.pubsub.redis.producer.SessionFlush;
import dev.pubsub.redis.producer.SessionScope;
import reactor.core.scheduler.NonBlocking;

import org.springframework.util.ClassUtils;

/**
 * Scope of the current reactive exchange, where its context was propagated to the thread
 * ({@code spring.reactor.context-propagation=auto}). Without that an event loop does not
 * tell which exchange it works for, and {@link ReactiveSessions} is the way; with
 * {@link SessionFlush#REQUEST_END} it fails then, rather than hand out a session that
 * nobody commits.
 *
 * @since 0.1.0
 */
public final class ReactiveSessionScope implements SessionScope {

	private static final boolean propagation = ClassUtils.isPresent("io.micrometer.context.ContextRegistry",
			ReactiveSessionScope.class.getClassLoader());

	private final SessionFlush flush;

	/**
	 * Create a scope.
	 * @param flush what happens at the end of an exchange
	 */
	public ReactiveSessionScope(SessionFlush flush) {
		this.flush = flush;
		if (propagation) {
			ExchangePropagation.register();
		}
	}

	@Override
	public Optional<ProducerSession> find(RedisStreamProducer producer) {
		ScopedSessions sessions = propagation ? ExchangePropagation.current() : null;
		if (sessions != null) {
			return sessions.find(producer);
		}
		if (this.flush == SessionFlush.REQUEST_END && Thread.currentThread() instanceof NonBlocking) {
			throw new IllegalStateException("The session of the exchange is not known on thread \""
					+ Thread.currentThread().getName() + "\": take a ProducerSession parameter in the handler method,"
					+ " use ReactiveSessions.current(producer), or set spring.reactor.context-propagation=auto");
		}
		return Optional.empty();
	}

}
