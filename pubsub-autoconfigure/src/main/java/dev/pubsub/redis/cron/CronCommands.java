package dev.pubsub.redis.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.AddOptions;
import dev.pubsub.redis.internal.redis.CronScripts;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamCommands;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * What people do to jobs. Each waits for Redis.
 */
final class CronCommands {

	private final RedisLink link;

	private final Duration timeout;

	CronCommands(RedisLink link, Duration timeout) {
		this.link = link;
		this.timeout = timeout;
	}

	RecordId trigger(CronJob job, Instant now, long maxLength) {
		AddOptions options = new AddOptions(null, (maxLength > 0) ? maxLength : null, null, true, false, true, null);
		StreamCommands commands = new StreamCommands(link(job));
		EntryId id = run(job, "trigger", () -> commands.add(job.stream(), CronMessage.manual(job, now), options));
		return id.toRecordId();
	}

	CronScripts.State setPaused(ScheduledJob job, boolean paused, Instant now) {
		return run(job.job(), paused ? "pause" : "resume", () -> job.ledger().setPaused(paused, now));
	}

	private <T> T run(CronJob job, String action, Supplier<CompletableFuture<@Nullable T>> command) {
		if (!this.link.mayWait()) {
			throw failure(job, action, new IllegalStateException("Thread \"" + Thread.currentThread().getName()
					+ "\" reads the replies of Redis and must not wait for them"));
		}
		try {
			link(job).awaitConnection(this.timeout);
			T result = command.get().get(2 * this.timeout.toMillis(), TimeUnit.MILLISECONDS);
			if (result == null) {
				throw failure(job, action, null);
			}
			return result;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failure(job, action, ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw failure(job, action, Failures.unwrap(ex));
		}
	}

	private RedisLink link(CronJob job) {
		return this.link.following(job.stream());
	}

	private static CronException failure(CronJob job, String action, @Nullable Throwable cause) {
		return new CronException("Cannot " + action + " cron job " + job.name() + " of stream " + job.stream(),
				job.stream(), job.name(), cause);
	}

}
