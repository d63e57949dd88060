package dev.pubsub.redis.observe;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;
import org.springframework.util.Assert;

/**
 * Something that happened to a message. A {@link StreamObserver} is told at once, on the
 * engine's threads. Listeners of application events are told of what was given up, on a
 * background thread that they may block. Immutable.
 *
 * @since 0.1.0
 */
public final class MessageEvent {

	private final String container;

	private final String stream;

	private final String group;

	private final RecordId id;

	private final int attempt;

	private final Kind kind;

	private final @Nullable Outcome outcome;

	private final Duration duration;

	private final @Nullable Throwable error;

	private MessageEvent(String container, String stream, String group, RecordId id, int attempt, Kind kind,
			@Nullable Outcome outcome, Duration duration, @Nullable Throwable error) {
		this.container = container;
		this.stream = stream;
		this.group = group;
		this.id = id;
		this.attempt = attempt;
		this.kind = kind;
		this.outcome = outcome;
		this.duration = duration;
		this.error = error;
	}

	/**
	 * Return an event that an attempt or a message ended.
	 * @param container id of the listener container
	 * @param stream stream of the message
	 * @param group consumer group
	 * @param id id of the message
	 * @param attempt number of the attempt, 0 where there was none
	 * @param outcome how it ended
	 * @return the event, without a duration and an error
	 */
	public static MessageEvent of(String container, String stream, String group, RecordId id, int attempt,
			Outcome outcome) {
		return new MessageEvent(container, stream, group, id, attempt, Kind.OUTCOME, outcome, Duration.ZERO, null);
	}

	/**
	 * Return an event on the way to an outcome.
	 * @param container id of the listener container
	 * @param stream stream of the message
	 * @param group consumer group
	 * @param id id of the message
	 * @param attempt number of the attempt
	 * @param kind what happened, not {@link Kind#OUTCOME}
	 * @return the event
	 */
	public static MessageEvent of(String container, String stream, String group, RecordId id, int attempt, Kind kind) {
		Assert.isTrue(kind != Kind.OUTCOME, "An event of kind OUTCOME needs an outcome");
		return new MessageEvent(container, stream, group, id, attempt, kind, null, Duration.ZERO, null);
	}

	/**
	 * Return a copy that tells how long the handler ran.
	 * @param duration the handler's time
	 * @return the copy
	 */
	public MessageEvent withDuration(Duration duration) {
		return new MessageEvent(this.container, this.stream, this.group, this.id, this.attempt, this.kind, this.outcome,
				duration, this.error);
	}

	/**
	 * Return a copy that tells why it failed.
	 * @param error why it failed
	 * @return the copy
	 */
	public MessageEvent withError(@Nullable Throwable error) {
		return new MessageEvent(this.container, this.stream, this.group, this.id, this.attempt, this.kind, this.outcome,
				this.duration, error);
	}

	/**
	 * Return the listener container.
	 * @return its id
	 */
	public String container() {
		return this.container;
	}

	/**
	 * Return the stream of the message.
	 * @return its name
	 */
	public String stream() {
		return this.stream;
	}

	/**
	 * Return the consumer group.
	 * @return its name
	 */
	public String group() {
		return this.group;
	}

	/**
	 * Return the id of the message.
	 * @return the id of its entry
	 */
	public RecordId id() {
		return this.id;
	}

	/**
	 * Return the number of the attempt.
	 * @return 1 for the first, 0 where there was none
	 */
	public int attempt() {
		return this.attempt;
	}

	/**
	 * Return what happened.
	 * @return the kind of event
	 */
	public Kind kind() {
		return this.kind;
	}

	/**
	 * Return how the attempt or the message ended.
	 * @return the outcome, {@code null} unless the kind is {@link Kind#OUTCOME}
	 */
	public @Nullable Outcome outcome() {
		return this.outcome;
	}

	/**
	 * Return how long the handler ran. It is told once, with the first outcome after the
	 * handler returned.
	 * @return the duration, otherwise zero
	 */
	public Duration duration() {
		return this.duration;
	}

	/**
	 * Return why it failed.
	 * @return the error, {@code null} if there was none
	 */
	public @Nullable Throwable error() {
		return this.error;
	}

	/**
	 * Return what happened to which message, of an error the class only.
	 */
	@Override
	public String toString() {
		String what = (this.outcome != null) ? this.outcome.name() : this.kind.name();
		return "MessageEvent[" + what + " " + this.stream + " " + this.id + ", container " + this.container + ", group "
				+ this.group + ", attempt " + this.attempt
				+ ((this.error != null) ? ", " + this.error.getClass().getName() : "") + "]";
	}

	/**
	 * What happened to a message.
	 *
	 * @since 0.1.0
	 */
	public enum Kind {

		/**
		 * It was claimed from a consumer that stopped renewing its lease.
		 */
		CLAIMED,

		/**
		 * Its handler was started.
		 */
		STARTED,

		/**
		 * Its handler ignores the interrupt it got at its deadline. The outcome follows
		 * when the handler returns.
		 */
		STUCK,

		/**
		 * An attempt or the message itself ended, see {@link MessageEvent#outcome()}.
		 */
		OUTCOME

	}

}
