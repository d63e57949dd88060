package dev.pubsub.redis.internal;

import java.util.Set;

import dev.pubsub.redis.PubSubException;
import org.jspecify.annotations.Nullable;

/**
 * Copy of a failure, whose texts are safe, with the same stack traces. Only to be logged.
 */
final class SafeFailure extends PubSubException {

	private SafeFailure(String text, @Nullable Throwable cause) {
		super(text, cause);
	}

	static SafeFailure of(Throwable failure, Set<Throwable> seen) {
		seen.add(failure);
		SafeFailure copy = new SafeFailure(FailureText.line(failure), copyOf(failure.getCause(), seen));
		copy.setStackTrace(failure.getStackTrace());
		for (Throwable suppressed : failure.getSuppressed()) {
			Throwable safe = copyOf(suppressed, seen);
			if (safe != null) {
				copy.addSuppressed(safe);
			}
		}
		return copy;
	}

	/**
	 * What was copied already is left out: it caused itself.
	 */
	private static @Nullable Throwable copyOf(@Nullable Throwable failure, Set<Throwable> seen) {
		if (failure == null || seen.size() >= FailureText.deepest() || seen.contains(failure)) {
			return null;
		}
		return of(failure, seen);
	}

	@Override
	@SuppressWarnings("OverrideThrowableToString") // the class of the copy says nothing
	public String toString() {
		return String.valueOf(getMessage());
	}

}
