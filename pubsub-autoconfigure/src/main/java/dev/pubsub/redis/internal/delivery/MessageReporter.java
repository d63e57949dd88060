package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.function.BiConsumer;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.observe.GroupLoss;
import dev.pubsub.redis.observe.MessageEvent.Kind;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.observe.StreamObserver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the observer what happens to the messages of one subscription.
 */
final class MessageReporter {

	private static final Logger logger = LoggerFactory.getLogger(MessageReporter.class);

	private final DeliverySettings settings;

	private final StreamObserver observer;

	private final LostPayloads lost;

	/**
	 * Create a reporter.
	 * @param timer runs something quick later
	 */
	MessageReporter(DeliverySettings settings, StreamObserver observer, BiConsumer<Duration, Runnable> timer) {
		this.settings = settings;
		this.observer = observer;
		this.lost = new LostPayloads(settings.stream(), timer);
	}

	void report(InFlightMessage message, Outcome outcome) {
		report(message, outcome, null);
	}

	void report(InFlightMessage message, Outcome outcome, @Nullable Throwable error) {
		Duration duration = outcome.isTimed() ? message.takeHandled() : Duration.ZERO;
		report(message.id(), message.attempt(), outcome, duration, error);
	}

	/**
	 * An attempt failed before it began: the message could not be fetched. It is tried
	 * again by whoever claims it, and in the end given up.
	 */
	void reportUntaken(EntryId id, int attempt, Throwable error) {
		if (attempt <= 1) {
			logger.warn("Cannot take {} of {} in {}, it is left to its lease: {}", id, this.settings.stream(),
					this.settings.group().group(), FailureText.of(error));
		}
		report(id, attempt, Outcome.FAILED, Duration.ZERO, error);
	}

	void reportLost(EntryId id) {
		this.lost.add(id);
		report(id, 0, Outcome.PAYLOAD_LOST, Duration.ZERO, null);
	}

	/**
	 * Tell that the group was gone, and was created again.
	 * @param after the last id that the new group counts as read
	 */
	void reportLostGroup(EntryId after) {
		try {
			this.observer.onGroupLoss(new GroupLoss(this.settings.id(), this.settings.stream(),
					this.settings.group().group(), after.toRecordId()));
		}
		catch (Throwable ex) {
			logger.warn("Observer failed on the loss of group {} of {}", this.settings.group().group(),
					this.settings.stream(), FailureText.loggable(ex));
		}
	}

	/**
	 * Tell what happened to a message on the way to its outcome.
	 */
	void report(InFlightMessage message, Kind kind) {
		try {
			if (this.observer.observes(kind, null)) {
				this.observer.onEvent(MessageEvent.of(this.settings.id(), this.settings.stream(),
						this.settings.group().group(), message.id().toRecordId(), message.attempt(), kind));
			}
		}
		catch (Throwable ex) {
			logger.warn("Observer failed on {} of {} in {}", kind, message.id(), this.settings.stream(),
					FailureText.loggable(ex));
		}
	}

	private void report(EntryId id, int attempt, Outcome outcome, Duration duration, @Nullable Throwable error) {
		try {
			if (this.observer.observes(Kind.OUTCOME, outcome)) {
				MessageEvent event = MessageEvent.of(this.settings.id(), this.settings.stream(),
						this.settings.group().group(), id.toRecordId(), attempt, outcome);
				event = duration.isZero() ? event : event.withDuration(duration);
				this.observer.onEvent((error != null) ? event.withError(error) : event);
			}
		}
		catch (Throwable ex) {
			logger.warn("Observer failed on {} of {} in {}", outcome, id, this.settings.stream(),
					FailureText.loggable(ex));
		}
	}

}
