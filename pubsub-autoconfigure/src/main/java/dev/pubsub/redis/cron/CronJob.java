package dev.pubsub.redis.cron;

import org.springframework.util.Assert;

/**
 * One message per fire time to a stream, for all applications that declare the job
 * together. Immutable.
 *
 * @since 0.1.0
 */
public final class CronJob {

	private final String stream;

	private final String name;

	private final CronSchedule schedule;

	private final Overlap overlap;

	private final Misfire misfire;

	private CronJob(String stream, String name, CronSchedule schedule, Overlap overlap, Misfire misfire) {
		Assert.hasText(stream, "'stream' must not be blank");
		Assert.hasText(name, "'name' must not be blank");
		this.stream = stream;
		this.name = name;
		this.schedule = schedule;
		this.overlap = overlap;
		this.misfire = misfire;
	}

	/**
	 * Return a job that has the name of its stream.
	 * @param stream key of the stream
	 * @param schedule when it fires
	 * @return the job, with defaults for everything else
	 */
	public static CronJob of(String stream, CronSchedule schedule) {
		return new CronJob(stream, stream, schedule, Overlap.ALLOW, Misfire.FIRE_ONCE);
	}

	/**
	 * Return a copy with another name.
	 * @param name name of the job, unique in its stream
	 * @return the copy
	 */
	public CronJob withName(String name) {
		return new CronJob(this.stream, name, this.schedule, this.overlap, this.misfire);
	}

	public CronJob withOverlap(Overlap overlap) {
		return new CronJob(this.stream, this.name, this.schedule, overlap, this.misfire);
	}

	public CronJob withMisfire(Misfire misfire) {
		return new CronJob(this.stream, this.name, this.schedule, this.overlap, misfire);
	}

	public String stream() {
		return this.stream;
	}

	public String name() {
		return this.name;
	}

	public CronSchedule schedule() {
		return this.schedule;
	}

	public Overlap overlap() {
		return this.overlap;
	}

	public Misfire misfire() {
		return this.misfire;
	}

	String describe() {
		return this.schedule + ", overlap " + this.overlap + ", misfire " + this.misfire;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof CronJob job && this.stream.equals(job.stream) && this.name.equals(job.name)
				&& this.schedule.equals(job.schedule) && this.overlap == job.overlap && this.misfire == job.misfire;
	}

	@Override
	public int hashCode() {
		return 31 * this.stream.hashCode() + this.name.hashCode();
	}

	@Override
	public String toString() {
		return this.name + " (stream " + this.stream + ", " + this.schedule + ")";
	}

}
