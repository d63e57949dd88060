package dev.pubsub.redis.operations;

import java.util.function.Supplier;

import dev.pubsub.redis.admin.StreamAdminException;
import dev.pubsub.redis.cron.CronException;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.internal.redis.CommandFailedException;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.operations.OperationException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Tells what failures mean to people.
 */
final class Operation {

	private Operation() {
	}

	static <T> T run(Supplier<T> operation) {
		try {
			return operation.get();
		}
		catch (StreamAdminException | CronException ex) {
			throw failure(ex.getMessage(), ex);
		}
	}

	static OperationException failure(@Nullable String message, Throwable failure) {
		return new OperationException(kind(failure), SafeText.of(message), failure);
	}

	private static Kind kind(Throwable failure) {
		return switch (RedisFault.of(failure)) {
			case LOST_GROUP -> Kind.UNKNOWN;
			case OTHER_REPLY -> isNoSuchKey(failure) ? Kind.UNKNOWN : Kind.UNAVAILABLE;
			default -> Kind.UNAVAILABLE;
		};
	}

	private static boolean isNoSuchKey(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof CommandFailedException failed && failed.error().contains("no such key")) {
				return true;
			}
		}
		return false;
	}

}
