package dev.pubsub.redis.producer;

import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.ServerVersion;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what the server can do, when the first message needs to know, and remembers
 * it. By its version: old servers answer to a new option as if an id were wrong.
 * Thread-safe.
 */
final class FeatureDetection {

	private static final Logger logger = LoggerFactory.getLogger(FeatureDetection.class);

	private volatile @Nullable CompletableFuture<ServerFeatures> known;

	/**
	 * Return what the server can do.
	 * @param link connection to ask on
	 * @return the features; fails when Redis is away
	 */
	CompletableFuture<ServerFeatures> detect(RedisLink link) {
		CompletableFuture<ServerFeatures> asked = this.known;
		if (asked == null || asked.isCompletedExceptionally()) {
			asked = ServerVersion.ask(link).thenApply(ServerFeatures::of).exceptionallyCompose(this::degrade);
			this.known = asked;
		}
		return asked;
	}

	/**
	 * Look at a result for signs that the server was replaced: by an older one, which
	 * does not know an option, or by a replica, which only another connection can help.
	 */
	void check(OutgoingEntry entry, PublishResult result, RedisLink usedLink) {
		Throwable cause = result.cause();
		if (cause == null) {
			return;
		}
		RedisFault fault = RedisFault.of(cause);
		if (fault == RedisFault.READ_ONLY) {
			usedLink.reset();
		}
		if (fault.isReply() && entry.needsFeatures()) {
			this.known = null;
		}
	}

	private CompletableFuture<ServerFeatures> degrade(Throwable failure) {
		if (!RedisFault.of(failure).isReply()) {
			return CompletableFuture.failedFuture(RedisFault.unwrap(failure));
		}
		logger.info("The server does not tell its version ({}): it is treated as an old one",
				RedisFault.unwrap(failure).getMessage());
		return CompletableFuture.completedFuture(ServerFeatures.NONE);
	}

}
