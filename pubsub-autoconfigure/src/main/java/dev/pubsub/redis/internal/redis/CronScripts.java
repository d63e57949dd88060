package dev.pubsub.redis.internal.redis;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.EntryFields;

/**
 * What applications that share a cron job know together: one field per job in a hash
 * beside its stream. Each script is sent on the link at once and answers with a future.
 */
public final class CronScripts {

	private static final RedisScript FIRE = RedisScript.load("cron");

	private static final RedisScript REGISTER = RedisScript.load("cron_register");

	private static final RedisScript SWITCH = RedisScript.load("cron_switch");

	private static final String KEY_SUFFIX = ":cron";

	private static final String ON = "on";

	private static final String PAUSED = "paused";

	private final RedisLink link;

	private final byte[] stream;

	private final byte[] jobs;

	private final byte[] job;

	public CronScripts(RedisLink link, String stream, String job) {
		this.link = link;
		this.stream = StreamCommands.bytes(stream);
		this.jobs = StreamCommands.bytes(RedisKeys.beside(stream, KEY_SUFFIX));
		this.job = StreamCommands.bytes(job);
	}

	/**
	 * Make the job known. One that is new, or had another schedule, counts as fired at
	 * the given time.
	 * @param since the time
	 * @param schedule the schedule as text
	 * @return what is known about the job
	 */
	public CompletableFuture<State> register(Instant since, String schedule) {
		return REGISTER.run(this.link, List.of(this.jobs), List.of(this.job, millis(since), bytes(schedule)),
				(reply) -> State.of(reply, 0));
	}

	/**
	 * Claim a fire time and add its message.
	 * @param at the fire time
	 * @param last the last fire time that the caller knows
	 * @param skipOverlap whether not to fire while the previous message is not settled
	 * @param maxLength greatest length of the stream, about; 0 for no limit
	 * @param fields fields of the message
	 * @return what became of it
	 */
	public CompletableFuture<Fire> fire(Instant at, Instant last, boolean skipOverlap, long maxLength,
			EntryFields fields) {
		List<byte[]> arguments = new ArrayList<>(List.of(this.job, millis(at), millis(last),
				bytes(skipOverlap ? "SKIP" : "ALLOW"), bytes(Long.toString(maxLength))));
		fields.forEach((name, value) -> {
			arguments.add(name);
			arguments.add(value);
		});
		return FIRE.run(this.link, List.of(this.stream, this.jobs), arguments, Fire::of);
	}

	/**
	 * Pause or resume the job, for all that share it. What passed while it was paused
	 * counts as fired.
	 * @param paused whether to pause it
	 * @param now the time, which counts as the last fire time if none is known
	 * @param schedule the schedule as text
	 * @return what is known about the job
	 */
	public CompletableFuture<State> setPaused(boolean paused, Instant now, String schedule) {
		return SWITCH.run(this.link, List.of(this.jobs),
				List.of(this.job, bytes(paused ? PAUSED : ON), millis(now), bytes(schedule)),
				(reply) -> State.of(reply, 0));
	}

	private static byte[] millis(Instant instant) {
		return bytes(Long.toString(instant.toEpochMilli()));
	}

	private static byte[] bytes(String text) {
		return StreamCommands.bytes(text);
	}

	/**
	 * What is known about a job.
	 *
	 * @param last its last fire time
	 * @param paused whether it is paused
	 */
	public record State(Instant last, boolean paused) {

		static State of(Reply reply, int index) {
			return new State(Instant.ofEpochMilli(reply.get(index).number()),
					PAUSED.equals(reply.get(index + 1).text()));
		}

	}

	/**
	 * What became of a fire time.
	 *
	 * @param outcome whether it was claimed
	 * @param state what is known about the job now
	 * @param detail id of the message if it fired, the group where the previous message
	 * is not settled if it overlaps
	 */
	public record Fire(Outcome outcome, State state, String detail) {

		static Fire of(Reply reply) {
			return new Fire(Outcome.valueOf(reply.get(0).text()), State.of(reply, 1), reply.get(3).text());
		}

	}

	/**
	 * Whether a fire time was claimed.
	 */
	public enum Outcome {

		/**
		 * It was, and its message added.
		 */
		FIRED,

		/**
		 * It was claimed before, or a later one was.
		 */
		PASSED,

		/**
		 * It was not, since an earlier one was claimed that the caller did not know.
		 */
		MOVED,

		/**
		 * It was, but the job is paused.
		 */
		PAUSED,

		/**
		 * It was, but the previous message is not settled.
		 */
		OVERLAP

	}

}
