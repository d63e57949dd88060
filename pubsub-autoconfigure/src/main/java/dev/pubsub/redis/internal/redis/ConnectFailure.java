package dev.pubsub.redis.internal.redis;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import javax.net.ssl.SSLException;

import dev.pubsub.redis.internal.FailureText;
import io.lettuce.core.RedisCommandTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Why there is no connection, and what helps, for people.
 *
 * @param reason why there is no connection
 * @param cure what helps
 */
record ConnectFailure(String reason, String cure) {

	private static final String CREDENTIALS = "Check user and password: spring.data.redis.username and .password, or "
			+ "those in pubsub.redis.url.";

	private static final String SENTINEL_CREDENTIALS = "Check user and password of the Sentinels: "
			+ "spring.data.redis.sentinel.username and .password.";

	private static final String MASTER = "Is the name of the master right (spring.data.redis.sentinel.master)?";

	private static final String RIGHTS = "Give the user that right.";

	private static final String TLS = "Check TLS on both sides: spring.data.redis.ssl.*, or rediss:// in "
			+ "pubsub.redis.url.";

	private static final String SILENT = "Does that port expect TLS (spring.data.redis.ssl.enabled, or rediss:// in "
			+ "pubsub.redis.url), and is it that of Redis?";

	private static final String ADDRESS = "Is Redis running there, and is the address right (spring.data.redis.* or "
			+ "pubsub.redis.url)?";

	/** The driver's words when a connection ends before it could say anything. */
	private static final List<String> CLOSED_AT_ONCE = List.of("RedisHandshakeHandler not registered",
			"Connection closed prematurely");

	/**
	 * Describe a failure.
	 * @param failure why the last attempt to connect failed; {@code null} if none ended
	 * @return the description, without credentials
	 */
	static ConnectFailure of(@Nullable Throwable failure) {
		if (failure == null) {
			return new ConnectFailure("the first attempt to connect has not ended yet", ADDRESS);
		}
		String reason = reason(failure).replaceAll("(?<=://)\\S*@", "***@");
		return new ConnectFailure(reason.replaceAll("[.\\s]+$", ""), cure(failure));
	}

	/**
	 * Return how much a failure tells, where there are several: an answer is worth more
	 * than none, and most addresses may be dead.
	 */
	static int weight(Throwable failure) {
		if (RedisFault.of(failure).isReply()) {
			return 3;
		}
		if (find(failure, SSLException.class) != null) {
			return 2;
		}
		boolean away = find(failure, ConnectException.class) != null
				|| find(failure, UnknownHostException.class) != null;
		return away ? 0 : 1;
	}

	private static String reason(Throwable failure) {
		UnknownHostException unknown = find(failure, UnknownHostException.class);
		if (unknown == null) {
			return isClosedAtOnce(failure) ? "the server closed the connection at once" : FailureText.reasonOf(failure);
		}
		String reason = FailureText.reasonOf(unknown);
		// With a cause it is from a resolver whose answers do not begin with the name.
		return (unknown.getCause() == null) ? "unknown host " + reason : "unknown host (" + reason + ")";
	}

	private static String cure(Throwable failure) {
		RedisFault fault = RedisFault.of(failure);
		boolean sentinel = find(failure, SentinelException.class) != null;
		if (fault == RedisFault.REFUSED) {
			return FailureText.reasonOf(failure).startsWith("NOPERM") ? RIGHTS
					: sentinel ? SENTINEL_CREDENTIALS : CREDENTIALS;
		}
		if (fault == RedisFault.OTHER_REPLY && sentinel) {
			return MASTER;
		}
		if (find(failure, SSLException.class) != null) {
			return TLS;
		}
		boolean silent = find(failure, RedisCommandTimeoutException.class) != null
				|| find(failure, ClosedChannelException.class) != null
				|| FailureText.reasonOf(failure).contains("Connection reset") || isClosedAtOnce(failure);
		return silent ? SILENT : ADDRESS;
	}

	private static boolean isClosedAtOnce(Throwable failure) {
		return CLOSED_AT_ONCE.stream().anyMatch(FailureText.reasonOf(failure)::contains);
	}

	private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
		Throwable cause = failure;
		for (int i = 0; i < 30 && cause != null; i++) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
			cause = cause.getCause();
		}
		return null;
	}

}
