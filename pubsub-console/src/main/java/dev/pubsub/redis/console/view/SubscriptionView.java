package dev.pubsub.redis.console.view;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.console.view.History.Point;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.monitor.Backlog;
import org.jspecify.annotations.Nullable;

/**
 * A subscription and how it does. What is not known is {@code null}.
 *
 * @param id its id
 * @param stream its stream
 * @param group its consumer group
 * @param state state of its container, in lower case
 * @param lastPoll when Redis last answered
 * @param lag entries that no consumer of the group has had
 * @param pending entries delivered and not acknowledged, in all applications
 * @param oldestUnread when the oldest unread entry was added
 * @param oldestPending when the oldest pending entry was added
 * @param consumers consumers of the group, in all applications
 * @param deadLetters entries of its dead-letter stream
 * @param handled messages handled since this process started
 * @param failed failed attempts since then
 * @param givenUp messages given up since then
 * @param handledPerSecond messages handled per second, lately
 * @param handlerMillis mean time of a handler lately, in milliseconds
 * @param outages what fails at the moment
 */
record SubscriptionView(String id, String stream, String group, String state, @Nullable Instant lastPoll,
		@Nullable Long lag, @Nullable Long pending, @Nullable Instant oldestUnread, @Nullable Instant oldestPending,
		@Nullable Long consumers, @Nullable Long deadLetters, long handled, long failed, long givenUp,
		double handledPerSecond, @Nullable Double handlerMillis, List<OutageView> outages) {

	static SubscriptionView of(StreamListenerContainer container, Catalog catalog, History history) {
		Optional<Backlog> backlog = catalog.backlog(container.getId());
		Activity.Counts counts = catalog.counts(container.getId());
		Point lately = history.latest(container.getId());
		return new SubscriptionView(container.getId(), container.getSubscription().stream(),
				container.getSubscription().group(), state(container), container.getLastPoll(),
				backlog.flatMap((known) -> Numbers.known(known.getLag())).orElse(null),
				backlog.map(Backlog::getPending).orElse(null), backlog.flatMap(Backlog::getOldestUnread).orElse(null),
				backlog.flatMap(Backlog::getOldestPending).orElse(null),
				backlog.map(Backlog::getConsumers).orElse(null), backlog.map(Backlog::getDeadLetters).orElse(null),
				counts.handled(), counts.failed(), counts.givenUp(), lately.handled(), lately.millis(),
				container.getOutages().stream().map(OutageView::of).toList());
	}

	static String state(StreamListenerContainer container) {
		return container.getState().name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Work that fails at the moment.
	 *
	 * @param activity the work
	 * @param since when it began to fail
	 * @param reason why
	 */
	record OutageView(String activity, Instant since, String reason) {

		static OutageView of(Outage outage) {
			return new OutageView(outage.getActivity(), outage.getSince(), outage.getReason());
		}

	}

}
