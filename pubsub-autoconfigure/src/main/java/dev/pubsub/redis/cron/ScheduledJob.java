package dev.pubsub.redis.cron;

import java.time.Instant;
import java.util.List;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.redis.CronScripts;
import dev.pubsub.redis.internal.redis.Outages;
import org.jspecify.annotations.Nullable;

/**
 * A job in a scheduler, where it was declared, and its ticking while it runs. The lock of
 * the scheduler guards it.
 */
final class ScheduledJob {

	private final CronJob job;

	private final String declaredBy;

	private final RedisFireLedger ledger;

	private final CronRuntime runtime;

	private final Outages outages;

	private final FireReporter reporter;

	private @Nullable CronTick tick;

	ScheduledJob(CronJob job, String declaredBy, RedisFireLedger ledger, CronRuntime runtime) {
		this.job = job;
		this.declaredBy = declaredBy;
		this.ledger = ledger;
		this.runtime = runtime;
		this.outages = runtime.outages();
		this.reporter = new FireReporter(job, runtime.events(), this.outages);
	}

	CronJob job() {
		return this.job;
	}

	String declaredBy() {
		return this.declaredBy;
	}

	RedisFireLedger ledger() {
		return this.ledger;
	}

	FireReporter reporter() {
		return this.reporter;
	}

	List<Outage> outages() {
		return (this.tick != null) ? this.outages.present() : List.of();
	}

	void start() {
		if (this.tick == null) {
			this.tick = new CronTick(this.job, this.ledger, this.runtime, this.reporter);
			this.tick.start();
		}
	}

	void stop() {
		if (this.tick != null) {
			this.tick.stop();
			this.tick = null;
		}
	}

	void learn(CronScripts.State state) {
		if (this.tick != null) {
			this.tick.learn(state);
		}
	}

	CronJobStatus status() {
		CronScripts.State known = (this.tick != null) ? this.tick.known() : null;
		boolean paused = known != null && known.paused();
		return new CronJobStatus(this.job, paused, (known != null) ? known.last() : null,
				(this.tick != null && !paused) ? next(known) : null);
	}

	private @Nullable Instant next(CronScripts.@Nullable State known) {
		Instant now = this.runtime.now();
		Instant after = (known != null && known.last().isAfter(now)) ? known.last() : now;
		return this.job.schedule().next(after).orElse(null);
	}

}
