package dev.pubsub.redis.producer;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.ServerVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what each server can do, when the first message needs to know, and remembers
 * it. By its version: old servers answer to a new option as if an id were wrong.
 * Thread-safe.
 */
final class FeatureDetection {

	private static final Logger logger = LoggerFactory.getLogger(FeatureDetection.class);

	/** Says that a server is to be asked again. */
	private static final CompletableFuture<ServerFeatures> OUTDATED = CompletableFuture
		.failedFuture(new IllegalStateException("Outdated"));

	private final Map<RedisLink, CompletableFuture<ServerFeatures>> known = new ConcurrentHashMap<>();

	/**
	 * Return what a server can do.
	 * @param link link to that server
	 * @return the features; fails when Redis is away
	 */
	CompletableFuture<ServerFeatures> detect(RedisLink link) {
		CompletableFuture<ServerFeatures> asked = this.known.get(link);
		if (asked == null || asked.isCompletedExceptionally()) {
			asked = ServerVersion.ask(link).thenApply(ServerFeatures::of).exceptionallyCompose(this::degrade);
			if (this.known.put(link, asked) == null) {
				link.onClose(() -> this.known.remove(link));
			}
		}
		return asked;
	}

	/**
	 * Look at a result for signs that a server was replaced by an older one, which does
	 * not know an option.
	 */
	void check(OutgoingEntry entry, PublishResult result) {
		Throwable cause = result.cause();
		if (cause != null && entry.needsFeatures() && RedisFault.of(cause).isReply()) {
			this.known.replaceAll((link, features) -> OUTDATED);
		}
	}

	private CompletableFuture<ServerFeatures> degrade(Throwable failure) {
		if (!RedisFault.of(failure).isReply()) {
			return CompletableFuture.failedFuture(Failures.unwrap(failure));
		}
		logger.info("The server does not tell its version ({}): it is treated as an old one",
				Failures.unwrap(failure).getMessage());
		return CompletableFuture.completedFuture(ServerFeatures.NONE);
	}

}
