package dev.pubsub.redis.producer.web;

import dev.pubsub.redis.producer.ScopedSessions;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import org.jspecify.annotations.Nullable;

/**
 * Carries the sessions of an exchange from the Reactor context to the threads that work
 * for it.
 */
final class ExchangePropagation implements ThreadLocalAccessor<ScopedSessions> {

	private static final ThreadLocal<@Nullable ScopedSessions> CURRENT = new ThreadLocal<>();

	private ExchangePropagation() {
	}

	static void register() {
		ContextRegistry.getInstance().registerThreadLocalAccessor(new ExchangePropagation());
	}

	static @Nullable ScopedSessions current() {
		return CURRENT.get();
	}

	@Override
	public Object key() {
		return ReactiveSessions.SESSIONS;
	}

	@Override
	public @Nullable ScopedSessions getValue() {
		return CURRENT.get();
	}

	@Override
	public void setValue(ScopedSessions sessions) {
		CURRENT.set(sessions);
	}

	@Override
	public void setValue() {
		CURRENT.remove();
	}

}
