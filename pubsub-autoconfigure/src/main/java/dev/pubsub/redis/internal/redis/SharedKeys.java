package dev.pubsub.redis.internal.redis;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of streams whose {@linkplain RedisKeys keys beside them} are the same, as those
 * of {@code a} and <code>{a}</code> are: they have their dead letters, cron jobs and
 * idempotency markers in common. Looks at each stream once, and at 1,000 streams at most.
 * Thread-safe.
 */
public final class SharedKeys {

	private static final Logger logger = LoggerFactory.getLogger(SharedKeys.class);

	private static final int MOST_STREAMS = 1000;

	private final String activity;

	private final Set<String> seen = ConcurrentHashMap.newKeySet();

	private final Map<String, String> streams = new ConcurrentHashMap<>();

	/**
	 * Create an instance that has seen no stream.
	 * @param activity what the application does with the streams, such as
	 * {@code Publishing}
	 */
	public SharedKeys(String activity) {
		this.activity = activity;
	}

	/**
	 * Look at a stream, and warn if it shares its keys with one that was looked at
	 * before.
	 * @param stream key of the stream
	 */
	public void look(String stream) {
		if (this.seen.contains(stream) || this.seen.size() >= MOST_STREAMS || !this.seen.add(stream)) {
			return;
		}
		String other = this.streams.putIfAbsent(RedisKeys.beside(stream, ":"), stream);
		if (other != null) {
			logger.warn(
					"{} {} and {}: the two streams share the keys {}, which hold dead letters, cron jobs and idempotency"
							+ " markers; rename one of them",
					this.activity, other, stream, RedisKeys.beside(stream, ":*"));
		}
	}

}
