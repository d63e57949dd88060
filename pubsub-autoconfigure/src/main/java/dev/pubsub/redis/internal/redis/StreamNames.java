package dev.pubsub.redis.internal.redis;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Which streams can be used with a server. In a cluster the keys beside a stream, such as
 * its dead letters, must be in its slot, and some braces in a name prevent that; on a
 * single server such a name gets a warning, as it cannot move to a cluster. Thread-safe.
 */
public final class StreamNames {

	/**
	 * What to do about a name.
	 */
	public static final String CURE = "Name the stream without braces, or with a hash tag, such as {orders}:eu.";

	private static final Logger logger = LoggerFactory.getLogger(StreamNames.class);

	private static final int MOST_WARNINGS = 100;

	private final boolean cluster;

	private final KeyPrefix prefix;

	private final Set<String> warned = ConcurrentHashMap.newKeySet();

	StreamNames(boolean cluster, KeyPrefix prefix) {
		this.cluster = cluster;
		this.prefix = prefix;
	}

	/**
	 * Return what the server of a factory can use.
	 * @param factory the application's factory
	 * @return the names
	 */
	public static StreamNames of(LettuceConnectionFactory factory) {
		return new StreamNames(factory.getClusterConfiguration() != null, KeyPrefix.NONE);
	}

	/**
	 * Return why a stream cannot be used.
	 * @param stream key of the stream
	 * @return the reason, {@code null} if it can be used
	 */
	public @Nullable String refusal(String stream) {
		if (stream.indexOf('}') < 0 || RedisKeys.keepsSlot(stream)) {
			return null;
		}
		String reason = "the braces in the name of stream \"" + stream + "\" are no hash tag, so that keys beside it"
				+ " such as \"" + RedisKeys.beside(stream, ":dlq") + "\" are in another slot of a cluster";
		if (this.cluster) {
			return reason;
		}
		if (this.warned.size() < MOST_WARNINGS && this.warned.add(stream)) {
			logger.warn("This works here, but not with Redis Cluster: {}. {}", reason, CURE);
		}
		return null;
	}

	/**
	 * Return why a script cannot use another key together with a stream.
	 * @param stream key of the stream
	 * @param other the other key
	 * @return the reason, {@code null} if it can
	 */
	public @Nullable String refusal(String stream, String other) {
		if (!this.cluster || RedisKeys.shareSlot(this.prefix.key(stream), this.prefix.key(other))) {
			return null;
		}
		return "\"" + other + "\" is in another slot of the cluster than stream \"" + stream + "\"";
	}

}
