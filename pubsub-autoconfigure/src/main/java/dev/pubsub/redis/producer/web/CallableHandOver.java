package dev.pubsub.redis.producer.web;

import java.util.concurrent.Callable;

import dev.pubsub.redis.producer.ScopedSessions;

import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.CallableProcessingInterceptor;

/**
 * Gives the sessions of a request to the thread that runs its {@link Callable}.
 *
 * @param sessions the sessions
 */
record CallableHandOver(ScopedSessions sessions) implements CallableProcessingInterceptor {

	@Override
	public <T> void beforeConcurrentHandling(NativeWebRequest request, Callable<T> task) {
		this.sessions.handOver();
	}

}
