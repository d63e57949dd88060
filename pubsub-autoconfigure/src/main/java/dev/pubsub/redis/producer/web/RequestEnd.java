package dev.pubsub.redis.producer.web;

import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.producer.ScopedSessions;
import dev.pubsub.redis.producer.SessionFlush;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the sessions of a request at its end.
 *
 * @param flush the policy
 */
record RequestEnd(SessionFlush flush) {

	private static final Logger logger = LoggerFactory.getLogger(RequestEnd.class);

	/**
	 * Order of the filters: after those of Spring Boot that wrap, observe and bind the
	 * request, of which {@code RequestContextFilter} is the last with -105, and before
	 * Spring Security with -100.
	 */
	static final int ORDER = -104;

	private static final int LOWEST_FAILURE = 400;

	/**
	 * Return whether the sessions are to be committed.
	 * @param status status of the response
	 */
	boolean commits(int status) {
		return this.flush == SessionFlush.REQUEST_END && status < LOWEST_FAILURE;
	}

	/**
	 * End the sessions, and say what was dropped, unless the policy wants it. Waits for
	 * commits that are running.
	 * @param request what to call the request
	 */
	void end(ScopedSessions sessions, String request) {
		report(sessions, sessions.end(), request);
	}

	/**
	 * Do the same as {@link #end} without waiting.
	 */
	CompletableFuture<Void> endAsync(ScopedSessions sessions, String request) {
		return sessions.endAsync().thenAccept((dropped) -> report(sessions, dropped, request));
	}

	private void report(ScopedSessions sessions, int dropped, String request) {
		if (dropped == 0) {
			return;
		}
		if (sessions.hasFailed()) {
			logger.warn("Dropped {} messages of {}: they could not be published", dropped, request);
		}
		else if (this.flush == SessionFlush.REQUEST_END) {
			logger.debug("Dropped {} messages of {}, which failed", dropped, request);
		}
		else {
			logger.warn("Dropped {} messages that were added to the session of {} and not sent: call commit() and"
					+ " handle its failure, or see pubsub.redis.session.flush", dropped, request);
		}
	}

}
