package dev.pubsub.redis.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.CronScripts;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;

/**
 * {@link FireLedger} beside the stream of the job.
 */
final class RedisFireLedger implements FireLedger {

	private static final Duration PATIENCE = Duration.ofSeconds(2);

	private final CronJob job;

	private final long maxLength;

	private final RedisLink link;

	private final Pace pace;

	private final CronScripts scripts;

	RedisFireLedger(CronJob job, long maxLength, RedisLink link, Pace pace) {
		this.job = job;
		this.maxLength = maxLength;
		this.link = link.following(job.stream());
		this.pace = pace;
		this.scripts = new CronScripts(this.link, job.stream(), job.name());
	}

	/**
	 * Wait for the connection for a while, and then let the command fail, which says why
	 * there is none.
	 */
	@Override
	public CompletableFuture<CronScripts.State> register(Instant since) {
		if (this.link.isConnected()) {
			return askNow(since);
		}
		CompletableFuture<Void> connected = this.link.whenConnected();
		this.pace.after(PATIENCE, () -> connected.complete(null));
		return connected.thenCompose((ignored) -> askNow(since));
	}

	private CompletableFuture<CronScripts.State> askNow(Instant since) {
		return this.scripts.register(since, schedule()).whenComplete((state, failure) -> leaveReplica(failure));
	}

	@Override
	public CompletableFuture<CronScripts.Fire> fire(Instant at, Instant last, EntryFields message) {
		return this.scripts.fire(at, last, this.job.overlap() == Overlap.SKIP, this.maxLength, message)
			.whenComplete((reply, failure) -> leaveReplica(failure));
	}

	CompletableFuture<CronScripts.State> setPaused(boolean paused, Instant now) {
		return this.scripts.setPaused(paused, now, schedule());
	}

	private void leaveReplica(@Nullable Throwable failure) {
		if (failure != null && RedisFault.of(failure) == RedisFault.READ_ONLY) {
			this.link.reset();
		}
	}

	private String schedule() {
		return this.job.schedule().expression() + " " + this.job.schedule().zone();
	}

}
