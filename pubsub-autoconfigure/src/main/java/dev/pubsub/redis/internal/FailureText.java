package dev.pubsub.redis.internal;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import dev.pubsub.redis.PubSubException;
import org.jspecify.annotations.Nullable;

/**
 * Failures as they may appear in log lines, dead letters, health and endpoints. The texts
 * of exceptions may come from messages, and so from anybody: see {@link SafeText}.
 */
public final class FailureText {

	private static final int DEEPEST = 30;

	private FailureText() {
	}

	/**
	 * Return class and message of a failure, and those of its root cause where there is
	 * one, on one line. The library's own say enough, and their causes may quote values.
	 * @param failure the failure
	 * @return the text
	 */
	public static String of(Throwable failure) {
		Throwable root = root(failure);
		String text = line(failure);
		String message = message(failure);
		String rootMessage = message(root);
		boolean told = root == failure || failure instanceof PubSubException
				|| (rootMessage != null && message != null && message.contains(rootMessage));
		return told ? text : text + ", caused by " + line(root);
	}

	/**
	 * Return what a failure says, safely.
	 * @param failure the failure
	 * @return its message, cut and escaped, or {@code null} if it has none
	 */
	public static @Nullable String messageOf(Throwable failure) {
		String message = message(failure);
		return (message != null) ? SafeText.of(message) : null;
	}

	/**
	 * Return what is said by the innermost cause of a failure.
	 * @param failure the failure
	 * @return the message, cut and escaped; the name of the class if it has none
	 */
	public static String reasonOf(Throwable failure) {
		Throwable root = root(failure);
		String message = messageOf(root);
		return (message != null) ? message : root.getClass().getSimpleName();
	}

	/**
	 * Return a failure that may be logged with its stack trace.
	 * @param failure the failure
	 * @return the failure itself where none of its texts has to be changed, else a copy
	 */
	public static Throwable loggable(Throwable failure) {
		return isSafe(failure, seen()) ? failure : SafeFailure.of(failure, seen());
	}

	static String line(Throwable failure) {
		String message = messageOf(failure);
		String type = failure.getClass().getName();
		return (message != null) ? type + ": " + message : type;
	}

	private static Throwable root(Throwable failure) {
		Throwable root = failure;
		for (int i = 0; i < DEEPEST && root.getCause() != null && root.getCause() != root; i++) {
			root = root.getCause();
		}
		return root;
	}

	private static Set<Throwable> seen() {
		return Collections.newSetFromMap(new IdentityHashMap<>());
	}

	private static boolean isSafe(Throwable failure, Set<Throwable> seen) {
		if (!seen.add(failure)) {
			return true;
		}
		if (seen.size() > DEEPEST || !isSafe(failure)) {
			return false;
		}
		Throwable cause = failure.getCause();
		if (cause != null && !isSafe(cause, seen)) {
			return false;
		}
		for (Throwable suppressed : failure.getSuppressed()) {
			if (!isSafe(suppressed, seen)) {
				return false;
			}
		}
		return true;
	}

	private static boolean isSafe(Throwable failure) {
		try {
			return SafeText.isSafe(failure.toString()) && SafeText.isSafe(String.valueOf(failure.getMessage()));
		}
		catch (RuntimeException ex) {
			return false;
		}
	}

	/**
	 * An exception of the application may fail to say what it is.
	 */
	private static @Nullable String message(Throwable failure) {
		try {
			return failure.getMessage();
		}
		catch (RuntimeException ex) {
			return "(no message, asking for it failed with " + ex.getClass().getName() + ")";
		}
	}

	static int deepest() {
		return DEEPEST;
	}

}
