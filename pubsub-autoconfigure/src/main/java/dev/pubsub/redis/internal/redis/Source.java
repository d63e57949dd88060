package dev.pubsub.redis.internal.redis;

import java.time.Duration;

import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

/**
 * A server that is asked, and what it last said. Turns count what happens, in the order
 * in which it does. Not thread-safe.
 */
final class Source {

	/**
	 * How long a question may be open before its server counts as silent.
	 */
	private static final Duration SILENCE = Duration.ofSeconds(1);

	private final RedisURI address;

	private @Nullable ServerView view;

	private long viewTurn = -1;

	private long askedTurn = -1;

	private boolean open;

	private boolean silent;

	private long silentTurn;

	private long silentSince;

	private @Nullable Throwable failure;

	Source(RedisURI address) {
		this.address = address;
	}

	RedisURI address() {
		return this.address;
	}

	void asked(long turn, long now) {
		this.askedTurn = turn;
		this.open = true;
		if (!this.silent) {
			this.silent = true;
			this.silentTurn = turn;
			this.silentSince = now;
		}
	}

	void said(ServerView said) {
		this.view = said;
		this.viewTurn = this.askedTurn;
		this.open = false;
		this.silent = false;
		this.failure = null;
	}

	void failed(Throwable why) {
		this.open = false;
		this.failure = why;
	}

	@Nullable ServerView view() {
		return this.view;
	}

	/**
	 * Return when the question was asked that the view is the answer to.
	 */
	long viewTurn() {
		return this.viewTurn;
	}

	long askedTurn() {
		return this.askedTurn;
	}

	/**
	 * Return when the first question was asked that it has not answered.
	 */
	long silentTurn() {
		return this.silentTurn;
	}

	/**
	 * Return whether a question is on its way.
	 */
	boolean isOpen() {
		return this.open;
	}

	/**
	 * Return whether it answers, as far as it is known.
	 */
	boolean isHeard(long now) {
		return !this.silent || (this.failure == null && !isSilentFor(SILENCE, now));
	}

	boolean isSilentFor(Duration time, long now) {
		return this.silent && now - this.silentSince > time.toNanos();
	}

	@Nullable Throwable failure() {
		return this.failure;
	}

}
