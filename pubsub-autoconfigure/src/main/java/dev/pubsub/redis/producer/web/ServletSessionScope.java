package dev.pubsub.redis.producer.web;

import java.util.Optional;

import dev.pubsub.redis.producer.ProducerSession;
import dev.pubsub.redis.producer.RedisStreamProducer;
import dev.pubsub.redis.producer.ScopedSessions;
import dev.pubsub.redis.producer.SessionScope;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/**
 * Scope of the current servlet request. Needs a {@link ServletSessionFilter} in front of
 * whatever publishes.
 *
 * @since 0.1.0
 */
public final class ServletSessionScope implements SessionScope {

	@Override
	public Optional<ProducerSession> find(RedisStreamProducer producer) {
		ScopedSessions sessions = sessions();
		return (sessions != null) ? sessions.find(producer) : Optional.empty();
	}

	private static @Nullable ScopedSessions sessions() {
		RequestAttributes request = RequestContextHolder.getRequestAttributes();
		if (request == null) {
			return null;
		}
		try {
			return (ScopedSessions) request.getAttribute(ServletSessionFilter.SESSIONS,
					RequestAttributes.SCOPE_REQUEST);
		}
		catch (IllegalStateException ex) {
			// The thread has inherited a request that is over.
			return null;
		}
	}

}
