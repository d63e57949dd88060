package dev.pubsub.redis.internal;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What failed behind what proxies, reflection and futures throw for it.
 */
public final class Failures {

	/** That of Reactor, which need not be there. */
	private static final String REACTOR_WRAPPER = "reactor.core.Exceptions$ReactiveException";

	private Failures() {
	}

	/**
	 * Return the failure itself.
	 * @param thrown what was thrown
	 * @return its innermost cause behind wrappers, or {@code thrown} if that is none
	 */
	public static Throwable unwrap(Throwable thrown) {
		return unwrap(thrown, Set.of());
	}

	/**
	 * Return the failure itself, unless a wrapper is meant.
	 * @param thrown what was thrown
	 * @param meant types of which no wrapper is taken off
	 * @return the first throwable that is no wrapper, or is meant
	 */
	public static Throwable unwrap(Throwable thrown, Set<Class<? extends Throwable>> meant) {
		Throwable failure = thrown;
		Throwable cause = failure.getCause();
		while (cause != null && isWrapper(failure) && !meant.contains(failure.getClass())) {
			failure = cause;
			cause = failure.getCause();
		}
		return failure;
	}

	private static boolean isWrapper(Throwable thrown) {
		return thrown instanceof UndeclaredThrowableException || thrown instanceof InvocationTargetException
				|| thrown instanceof CompletionException || thrown instanceof ExecutionException
				|| isReactorWrapper(thrown.getClass());
	}

	private static boolean isReactorWrapper(Class<?> type) {
		return type.getName().equals(REACTOR_WRAPPER) || type.getSuperclass().getName().equals(REACTOR_WRAPPER);
	}

}
