package dev.pubsub.redis.cron;

import java.time.Instant;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.Outages;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Tells people and listeners what becomes of the fire times of a job.
 */
final class FireReporter {

	private static final Logger logger = LoggerFactory.getLogger(FireReporter.class);

	private final CronJob job;

	private final Consumer<CronEvent> events;

	private final OutageLog outages;

	private boolean overlapping;

	FireReporter(CronJob job, Consumer<CronEvent> events, Outages outages) {
		this.job = job;
		this.events = events;
		this.outages = outages.log(logger, "Firing cron job " + describe());
	}

	void fired(Instant fireTime, String id) {
		if (this.overlapping) {
			this.overlapping = false;
			logger.info("Cron job {} fires again", describe());
		}
		logger.debug("Cron job {} fired for {} as {}", describe(), fireTime, id);
		publish(CronEvent.Type.FIRED, fireTime, RecordId.of(id));
	}

	void triggered(Instant time, RecordId id) {
		logger.info("Cron job {} was triggered as {}", describe(), id);
		publish(CronEvent.Type.TRIGGERED, time, id);
	}

	void missed(Instant first, Instant last, String reason) {
		if (first.equals(last)) {
			logger.warn("Cron job {} missed its fire time {}: {}", describe(), last, reason);
		}
		else {
			logger.warn("Cron job {} missed its fire times from {} to {}: {}", describe(), first, last, reason);
		}
		publish(CronEvent.Type.MISSED, last, null);
	}

	void overlapped(Instant fireTime, String group) {
		if (!this.overlapping) {
			this.overlapping = true;
			logger.info("Cron job {} does not fire until group {} has settled its previous message, first at {}",
					describe(), group, fireTime);
		}
		publish(CronEvent.Type.OVERLAPPED, fireTime, null);
	}

	void ahead(Instant lastFire) {
		logger.warn(
				"Cron job {} fired for {} already, which is in the future; until then it does not fire. Check the clocks "
						+ "of all machines that run it",
				describe(), lastFire);
	}

	void failed(Throwable cause) {
		this.outages.failed(cause, "trying again");
	}

	void succeeded() {
		this.outages.succeeded();
	}

	private void publish(CronEvent.Type type, Instant fireTime, @Nullable RecordId message) {
		try {
			this.events.accept(new CronEvent(this.job.stream(), this.job.name(), type, fireTime, message));
		}
		catch (RuntimeException ex) {
			logger.warn("A listener of cron job events failed", FailureText.loggable(ex));
		}
	}

	private String describe() {
		String name = this.job.name();
		return name.equals(this.job.stream()) ? name : name + " (stream " + this.job.stream() + ")";
	}

}
