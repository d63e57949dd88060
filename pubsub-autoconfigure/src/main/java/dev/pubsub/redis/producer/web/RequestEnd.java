package dev.pubsub.redis.producer.web;

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

	private static final int LOWEST_FAILURE = 400;

	/**
	 * Return whether the sessions are to be committed.
	 * @param status status of the response
	 */
	boolean commits(int status) {
		return this.flush == SessionFlush.REQUEST_END && status < LOWEST_FAILURE;
	}

	/**
	 * End the sessions, and say what was dropped, unless the policy wants it.
	 * @param request what to call the request
	 */
	void end(ScopedSessions sessions, String request) {
		int dropped = sessions.end();
		if (dropped == 0) {
			return;
		}
		if (this.flush == SessionFlush.REQUEST_END) {
			logger.debug("Dropped {} messages of {}, which failed", dropped, request);
		}
		else {
			logger.warn("Dropped {} messages that were added to the session of {} and never committed: call commit(),"
					+ " or see pubsub.redis.session.flush", dropped, request);
		}
	}

}
