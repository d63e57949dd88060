package dev.pubsub.redis.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.InvalidSubscriptionException;
import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.concurrent.KeepAlive;
import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.internal.redis.CronScripts;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.StreamNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Keeps the jobs and passes the application's lifecycle on to them. Thread-safe:
 * {@code lock} guards the jobs and whether it runs; nothing under it waits.
 */
final class DefaultCronScheduler implements CronScheduler {

	private static final Logger logger = LoggerFactory.getLogger(DefaultCronScheduler.class);

	private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(2);

	private final RedisLink link;

	private final StreamNames names;

	private final CronCommands commands;

	private final ConnectionSource.Lease connections;

	private final CronRuntime runtime;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<Key, ScheduledJob> jobs = new LinkedHashMap<>();

	private final KeepAlive keepAlive = new KeepAlive();

	private boolean running;

	DefaultCronScheduler(ConnectionSource.Lease connections, CronRuntime runtime) {
		this.connections = connections;
		this.link = connections.connections().open("cron", REPLY_TIMEOUT);
		this.names = connections.connections().names();
		this.commands = new CronCommands(this.link, REPLY_TIMEOUT);
		this.runtime = runtime;
	}

	@Override
	public void schedule(CronJob job, String declaredBy) {
		String refusal = this.names.refusal(job.stream());
		if (refusal != null) {
			throw new InvalidSubscriptionException(declaredBy, refusal, StreamNames.CURE);
		}
		Instant now = this.runtime.now();
		if (job.schedule().next(now).isEmpty()) {
			throw new InvalidSubscriptionException(declaredBy,
					"'cron' never fires: \"%s\"".formatted(job.schedule().expression()),
					"Correct the day and the month, so that there is such a date.");
		}
		this.lock.lock();
		try {
			ScheduledJob scheduled = new ScheduledJob(job, declaredBy,
					new RedisFireLedger(job, this.runtime.options().maxLength(), this.link, this.runtime.pace()),
					this.runtime);
			ScheduledJob first = this.jobs.putIfAbsent(new Key(job.stream(), job.name()), scheduled);
			if (first != null) {
				refuseDifference(first, job, declaredBy);
				return;
			}
			if (this.running) {
				this.keepAlive.hold();
				scheduled.start();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (job.schedule().differsFromUnix()) {
			logger.warn("Cron {} on {} fires on days that match both the day of the month and the day of the week; "
					+ "Unix would fire on days that match either", job.schedule(), declaredBy);
		}
	}

	private static void refuseDifference(ScheduledJob first, CronJob job, String declaredBy) {
		if (!first.job().equals(job)) {
			throw new InvalidSubscriptionException(declaredBy,
					"job \"%s\" is %s here, but %s on %s".formatted(job.name(), job.describe(), first.job().describe(),
							first.declaredBy()),
					"Give both the same 'cron', 'zone', 'overlap' and 'misfire', or name them apart with 'job'.");
		}
	}

	@Override
	public boolean cancel(String stream, String job) {
		this.lock.lock();
		try {
			ScheduledJob removed = this.jobs.remove(new Key(stream, job));
			if (removed != null) {
				removed.stop();
			}
			if (this.jobs.isEmpty()) {
				this.keepAlive.release();
			}
			return removed != null;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public RecordId trigger(String stream, String job) {
		ScheduledJob scheduled = get(stream, job);
		Instant now = this.runtime.now();
		RecordId id = this.commands.trigger(scheduled.job(), now, this.runtime.options().maxLength());
		scheduled.reporter().triggered(now, id);
		return id;
	}

	@Override
	public void pause(String stream, String job) {
		setPaused(stream, job, true);
	}

	@Override
	public void resume(String stream, String job) {
		setPaused(stream, job, false);
	}

	private void setPaused(String stream, String job, boolean paused) {
		ScheduledJob scheduled = get(stream, job);
		CronScripts.State state = this.commands.setPaused(scheduled, paused, this.runtime.now());
		this.lock.lock();
		try {
			scheduled.learn(state);
		}
		finally {
			this.lock.unlock();
		}
		logger.info("Cron job {} is {}", scheduled.job(), paused ? "paused" : "resumed");
	}

	@Override
	public Optional<CronJobStatus> getJob(String stream, String job) {
		this.lock.lock();
		try {
			return Optional.ofNullable(this.jobs.get(new Key(stream, job))).map(ScheduledJob::status);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public List<Outage> getOutages() {
		this.lock.lock();
		try {
			return this.jobs.values().stream().flatMap((job) -> job.outages().stream()).toList();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public List<CronJobStatus> getJobs() {
		this.lock.lock();
		try {
			return this.jobs.values().stream().map(ScheduledJob::status).toList();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void start() {
		this.lock.lock();
		try {
			this.running = true;
			if (!this.jobs.isEmpty()) {
				this.keepAlive.hold();
			}
			this.jobs.values().forEach(ScheduledJob::start);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void stop() {
		this.lock.lock();
		try {
			this.running = false;
			this.keepAlive.release();
			this.jobs.values().forEach(ScheduledJob::stop);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public boolean isRunning() {
		this.lock.lock();
		try {
			return this.running;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() {
		stop();
		this.link.close();
		this.connections.close();
	}

	private ScheduledJob get(String stream, String job) {
		this.lock.lock();
		try {
			ScheduledJob scheduled = this.jobs.get(new Key(stream, job));
			if (scheduled == null) {
				throw new IllegalArgumentException("There is no cron job \"%s\" of stream \"%s\" here, but %s"
					.formatted(job, stream, this.jobs.keySet()));
			}
			return scheduled;
		}
		finally {
			this.lock.unlock();
		}
	}

	private record Key(String stream, String job) {

		@Override
		public String toString() {
			return this.job + " of " + this.stream;
		}

	}

}
