package dev.pubsub.redis.internal.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Makes the consumers of one subscription, which share their knowledge of the group.
 *
 * @param progress what they know of the group
 * @param unread looks for entries that are removed before they are read
 * @param reports tells of failures
 * @param onPoll is told when Redis answered a read
 */
record StreamConsumerFactory(DeliverySettings settings, HandlerCall call, DeliveryRuntime runtime,
		GroupProgress progress, UnreadEntries unread, FailureReports reports, Runnable onPoll) {

	/**
	 * Return one consumer of several.
	 * @param workers what it shares with consumers of other partitions, if there are any
	 */
	StreamConsumer shared(@Nullable SharedWorkers workers) {
		return consumer(workers, new SharedRole(this.runtime.clients(), this.settings.group(), newName()));
	}

	/**
	 * Return one consumer.
	 * @param workers what it shares with consumers of other partitions, if there are any
	 * @param role what it is in the group
	 */
	StreamConsumer consumer(@Nullable SharedWorkers workers, ConsumerRole role) {
		return new StreamConsumer(this.settings, this.call, this.runtime, this.progress, this.unread, this.reports,
				workers, this.onPoll, role);
	}

	String newName() {
		return ConsumerName.unique(this.settings.reading().consumer());
	}

}
