package dev.pubsub.redis.internal.delivery;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.internal.FailureText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Decides which failed attempts of one subscription are logged with a stack trace: the
 * first of each exception class, and all where debugging is on. Thread-safe.
 */
final class StackTraces {

	/**
	 * Classes beyond that many are logged without a stack trace.
	 */
	private static final int MOST_CLASSES = 100;

	private final Set<String> logged = ConcurrentHashMap.newKeySet();

	/**
	 * Return the failure to log beside a line that has its class and message.
	 * @param failure the failure
	 * @param logger where it is logged
	 * @return the failure, safe to be logged, or {@code null} for the line alone
	 */
	@Nullable Throwable of(@Nullable Throwable failure, Logger logger) {
		if (failure == null) {
			return null;
		}
		boolean wanted = logger.isDebugEnabled() || (isTelling(failure) && isNew(failure.getClass().getName()));
		return wanted ? FailureText.loggable(failure) : null;
	}

	/**
	 * The stack trace of the library itself tells a user nothing.
	 */
	private static boolean isTelling(Throwable failure) {
		return !(failure instanceof PayloadConversionException) && failure.getStackTrace().length > 0;
	}

	private boolean isNew(String type) {
		return this.logged.size() < MOST_CLASSES && this.logged.add(type);
	}

}
