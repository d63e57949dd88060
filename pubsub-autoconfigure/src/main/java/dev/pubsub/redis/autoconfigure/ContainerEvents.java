package dev.pubsub.redis.autoconfigure;

import java.util.function.Consumer;

import dev.pubsub.redis.listener.ContainerEvent;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.observe.OwnershipChange;
import dev.pubsub.redis.observe.StreamObserver;
import dev.pubsub.redis.observe.UnreadLoss;
import org.jspecify.annotations.Nullable;

/**
 * Picks what the application should know: each state of a container, each message that
 * was given up, entries that were removed unread, and which streams are owned. Called on
 * engine threads, so it only passes on.
 */
final class ContainerEvents implements Consumer<ContainerEvent>, StreamObserver {

	private final ApplicationEvents application;

	ContainerEvents(ApplicationEvents application) {
		this.application = application;
	}

	@Override
	public void accept(ContainerEvent event) {
		this.application.publish(event.container(), event);
	}

	@Override
	public void onEvent(MessageEvent event) {
		if (observes(event.kind(), event.outcome())) {
			this.application.publish(event.container(), event);
		}
	}

	@Override
	public void onUnreadLoss(UnreadLoss loss) {
		this.application.publish(loss.container(), loss);
	}

	@Override
	public void onOwnershipChange(OwnershipChange change) {
		this.application.publish(change.container(), change);
	}

	@Override
	public boolean observes(MessageEvent.Kind kind, @Nullable Outcome outcome) {
		return outcome == Outcome.DEAD_LETTERED || outcome == Outcome.DROPPED;
	}

}
