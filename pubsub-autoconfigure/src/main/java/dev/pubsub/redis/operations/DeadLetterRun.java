package dev.pubsub.redis.operations;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How far a run over dead letters of a stream is.
 *
 * @param stream name of the stream
 * @param action what is done with them
 * @param state whether it is under way
 * @param started when it began
 * @param done how many were redriven or deleted
 * @param left how many stayed, as Redis refuses them or they hold no message
 * @param ended when it ended, {@code null} while it is under way
 * @param problem why it ended early, or why the first one stayed; {@code null} when all
 * is well
 * @since 0.1.0
 */
public record DeadLetterRun(String stream, Action action, State state, Instant started, long done, long left,
		@Nullable Instant ended, @Nullable String problem) {

	/**
	 * What is done with dead letters.
	 */
	public enum Action {

		/** They are added to their stream again. */
		REDRIVE,

		/** They are deleted for good. */
		DISCARD

	}

	/**
	 * Whether a run is under way.
	 */
	public enum State {

		/** It is under way. */
		RUNNING,

		/** It came to its end. */
		DONE,

		/** It was cancelled, or the application stopped. */
		CANCELLED,

		/** Redis refused or did not answer; it may be begun again. */
		FAILED

	}

}
