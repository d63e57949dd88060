package dev.pubsub.redis.observe;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Is told what happens to messages. Called on worker and engine threads, so it must not
 * block; what it throws is logged and ignored.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface StreamObserver {

	/**
	 * Tells nobody.
	 */
	StreamObserver NONE = new StreamObserver() {

		@Override
		public void onEvent(MessageEvent event) {
			// Nobody is told.
		}

		@Override
		public boolean observes(MessageEvent.Kind kind, @Nullable Outcome outcome) {
			return false;
		}

	};

	/**
	 * Something happened to a message.
	 * @param event what happened
	 */
	void onEvent(MessageEvent event);

	/**
	 * Entries were removed from a stream before the group had read them. Does nothing by
	 * default.
	 * @param loss what is known of them
	 */
	default void onUnreadLoss(UnreadLoss loss) {
	}

	/**
	 * A group was gone and was created again. Does nothing by default.
	 * @param loss what is known of it
	 */
	default void onGroupLoss(GroupLoss loss) {
	}

	/**
	 * An ordered subscription became the owner of its stream, or lost it. Does nothing by
	 * default.
	 * @param change what changed
	 */
	default void onOwnershipChange(OwnershipChange change) {
	}

	/**
	 * Return whether this observer wants to be told of such events. Asked often, so the
	 * answer must be quick; to decline what happens to every message saves work.
	 * @param kind what may happen to a message
	 * @param outcome the outcome where the kind is {@link MessageEvent.Kind#OUTCOME},
	 * otherwise {@code null}
	 * @return whether to be told; everything by default
	 */
	default boolean observes(MessageEvent.Kind kind, @Nullable Outcome outcome) {
		return true;
	}

	/**
	 * Return an observer that tells others.
	 * @param observers the others, told in this order
	 * @return the observer, {@link #NONE} if there are no others
	 */
	static StreamObserver composite(List<StreamObserver> observers) {
		return switch (observers.size()) {
			case 0 -> NONE;
			case 1 -> observers.get(0);
			default -> new CompositeStreamObserver(observers);
		};
	}

}
