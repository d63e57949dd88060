package dev.pubsub.redis;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Work of the library on Redis that fails again and again, and is tried again until it
 * works. Immutable.
 *
 * @since 0.1.0
 */
public final class Outage {

	private final String activity;

	private final Instant since;

	private final @Nullable String command;

	private final @Nullable String key;

	private final String reason;

	private final boolean refused;

	private Outage(String activity, Instant since, @Nullable String command, @Nullable String key, String reason,
			boolean refused) {
		this.activity = activity;
		this.since = since;
		this.command = command;
		this.key = key;
		this.reason = reason;
		this.refused = refused;
	}

	/**
	 * Create an outage for a failure without a reply of Redis.
	 * @param activity what fails
	 * @param since when it began to fail
	 * @param reason why, as the last failure said
	 * @return the outage
	 */
	public static Outage of(String activity, Instant since, String reason) {
		return new Outage(activity, since, null, null, reason, false);
	}

	/**
	 * Return a copy for a command that Redis answers with an error.
	 * @param command the command, for a script with the name of that
	 * @param key its first key, if it has one
	 * @param refused whether Redis will go on until somebody changes rights, passwords or
	 * keys
	 * @return the copy
	 */
	public Outage withCommand(String command, @Nullable String key, boolean refused) {
		return new Outage(this.activity, this.since, command, key, this.reason, refused);
	}

	/**
	 * Return what fails.
	 * @return the work, such as {@code Acknowledging in orders (group billing)}
	 */
	public String getActivity() {
		return this.activity;
	}

	/**
	 * Return when it began to fail.
	 * @return the time of the first failure since it last worked
	 */
	public Instant getSince() {
		return this.since;
	}

	/**
	 * Return which command Redis answers with an error.
	 * @return the command, {@code null} when there was no answer
	 */
	public @Nullable String getCommand() {
		return this.command;
	}

	/**
	 * Return the first key of the command.
	 * @return the key, {@code null} when the command has none or there was no answer
	 */
	public @Nullable String getKey() {
		return this.key;
	}

	/**
	 * Return why it fails.
	 * @return what the last failure said, on one line and without credentials
	 */
	public String getReason() {
		return this.reason;
	}

	/**
	 * Return whether it will fail until somebody changes rights, passwords or keys.
	 * @return whether Redis refuses the command
	 */
	public boolean isRefused() {
		return this.refused;
	}

	@Override
	public String toString() {
		return this.activity + " fails since " + this.since + ": " + this.reason;
	}

}
