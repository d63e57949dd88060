package dev.pubsub.redis.console.view;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.pubsub.redis.console.http.Parameters;
import dev.pubsub.redis.console.view.History.Point;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.monitor.Backlog;
import dev.pubsub.redis.operations.SubscriptionOperations;
import dev.pubsub.redis.operations.SubscriptionStatus;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the whole application, its subscriptions and its charts, without asking
 * Redis.
 */
final class OverviewPage {

	private final About about;

	private final Catalog catalog;

	private final History history;

	private final Clock clock;

	private final SubscriptionOperations subscriptions;

	OverviewPage(About about, Catalog catalog, History history, Clock clock, SubscriptionOperations subscriptions) {
		this.about = about;
		this.catalog = catalog;
		this.history = history;
		this.clock = clock;
		this.subscriptions = subscriptions;
	}

	Overview overview(Parameters parameters) {
		return new Overview(this.clock.instant(), totals(), subscriptions(parameters));
	}

	private Page<SubscriptionView> subscriptions(Parameters parameters) {
		Predicate<StreamListenerContainer> matches = parameters.optional("q")
			.map((text) -> matches(text.toLowerCase(Locale.ROOT)))
			.orElse((any) -> true);
		List<StreamListenerContainer> found = this.catalog.containers().stream().filter(matches).toList();
		return Page.of(found, parameters, (container) -> SubscriptionView.of(container, this.catalog, this.history));
	}

	private static Predicate<StreamListenerContainer> matches(String text) {
		return (container) -> (container.getId() + " " + container.getSubscription().stream() + " "
				+ container.getSubscription().group() + " " + container.getState())
			.toLowerCase(Locale.ROOT)
			.contains(text);
	}

	private Totals totals() {
		Collection<StreamListenerContainer> containers = this.catalog.containers();
		Map<String, Long> states = containers.stream()
			.collect(Collectors.groupingBy(SubscriptionView::state, TreeMap::new, Collectors.counting()));
		Activity.Counts counts = Activity.Counts.NONE;
		int outages = 0;
		for (StreamListenerContainer container : containers) {
			counts = counts.plus(this.catalog.counts(container.getId()));
			outages += container.getOutages().size();
		}
		List<Backlog> backlogs = containers.stream()
			.flatMap((container) -> this.catalog.backlog(container.getId()).stream())
			.toList();
		Point lately = this.history.latest(null);
		return new Totals(containers.size(), states, this.catalog.streams().size(), this.catalog.jobs().size(),
				counts.handled(), counts.failed(), counts.givenUp(), lately.handled(), lately.millis(),
				Numbers.sum(backlogs.stream().flatMap((backlog) -> Numbers.known(backlog.getLag()).stream()).toList()),
				Numbers.sum(backlogs.stream().map(Backlog::getPending).toList()), deadLetters(backlogs), outages);
	}

	/**
	 * Subscriptions of a stream share its dead-letter stream, mostly.
	 */
	private static @Nullable Long deadLetters(List<Backlog> backlogs) {
		Map<String, Long> byStream = backlogs.stream()
			.filter((backlog) -> backlog.getSubscription().deadLetterStream() != null)
			.collect(Collectors.toMap((backlog) -> String.valueOf(backlog.getSubscription().deadLetterStream()),
					Backlog::getDeadLetters, Math::max));
		return Numbers.sum(byStream.values());
	}

	About about(Parameters parameters) {
		return this.about;
	}

	/**
	 * Asks Redis how much waits.
	 */
	SubscriptionPage subscription(Parameters parameters) {
		StreamListenerContainer container = this.catalog.container(parameters.required("id"));
		return new SubscriptionPage(SubscriptionView.of(container, this.catalog, this.history),
				this.subscriptions.get(container.getId()));
	}

	Chart chart(Parameters parameters) {
		Optional<String> container = parameters.optional("id");
		container.ifPresent(this.catalog::container);
		return new Chart(this.history.points(container.orElse(null)));
	}

	/**
	 * The application and its console.
	 *
	 * @param application name of the application
	 * @param actions whether the console may act
	 * @param payloads whether the console shows payloads
	 */
	record About(String application, boolean actions, boolean payloads) {

	}

	/**
	 * The first page.
	 */
	record Overview(Instant time, Totals totals, Page<SubscriptionView> subscriptions) {

	}

	/**
	 * A subscription: its rates, and everything else.
	 */
	record SubscriptionPage(SubscriptionView subscription, SubscriptionStatus status) {

	}

	/**
	 * All subscriptions together.
	 */
	record Totals(int subscriptions, Map<String, Long> states, int streams, int cronJobs, long handled, long failed,
			long givenUp, double handledPerSecond, @Nullable Double handlerMillis, @Nullable Long lag,
			@Nullable Long pending, @Nullable Long deadLetters, int outages) {

	}

	/**
	 * Points of the charts.
	 */
	record Chart(List<Point> points) {

	}

}
