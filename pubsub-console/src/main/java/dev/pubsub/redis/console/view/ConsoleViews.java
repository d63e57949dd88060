package dev.pubsub.redis.console.view;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.console.http.Parameters;
import dev.pubsub.redis.operations.PubSubOperations;

/**
 * All that the page can read and do, by name.
 */
public final class ConsoleViews {

	private final Map<String, Function<Parameters, ?>> reads;

	private final Map<String, Function<Parameters, ?>> actions;

	/**
	 * Create the views.
	 * @param catalog what there is
	 * @param admin looks at streams
	 * @param operations acts on everything
	 * @param history what the charts show
	 * @param settings what may be shown
	 */
	public ConsoleViews(Catalog catalog, StreamAdmin admin, PubSubOperations operations, History history,
			Settings settings) {
		Clock clock = Clock.systemUTC();
		boolean payloads = settings.payloads();
		OverviewPage overview = new OverviewPage(
				new OverviewPage.About(settings.application(), settings.actions(), payloads), catalog, history, clock,
				operations.subscriptions());
		StreamPages streams = new StreamPages(catalog, admin, history);
		MessagePages messages = new MessagePages(catalog, admin, payloads);
		DeadLetterPages deadLetters = new DeadLetterPages(catalog, admin, payloads);
		CronPage cron = new CronPage(operations.cron());
		Actions doing = new Actions(catalog, operations);
		this.reads = Map.ofEntries(Map.entry("about", overview::about), Map.entry("overview", overview::overview),
				Map.entry("subscription", overview::subscription), Map.entry("chart", overview::chart),
				Map.entry("streams", streams::streams), Map.entry("stream", streams::stream),
				Map.entry("group", streams::group), Map.entry("messages", messages::messages),
				Map.entry("message", messages::message), Map.entry("dead-letter-streams", deadLetters::places),
				Map.entry("dead-letters", deadLetters::deadLetters), Map.entry("dead-letter", deadLetters::deadLetter),
				Map.entry("dead-letters/run", doing::lastRun), Map.entry("cron", cron::jobs));
		this.actions = Map.of("subscription/change", doing::subscription, "cron/change", doing::cron,
				"dead-letter/redrive", doing::redrive, "dead-letter/discard", doing::discard, "dead-letters/change",
				doing::run, "message/retry", doing::retry, "consumer/delete", doing::deleteConsumer);
	}

	/**
	 * Return a history of what a catalogue has.
	 * @param catalog what there is
	 * @param interval time between two samples
	 * @return the history, not running
	 */
	public static History history(Catalog catalog, Duration interval) {
		return new History(catalog::states, interval, Clock.systemUTC());
	}

	public Map<String, Function<Parameters, ?>> reads() {
		return this.reads;
	}

	public Map<String, Function<Parameters, ?>> actions() {
		return this.actions;
	}

	/**
	 * What may be shown and done.
	 *
	 * @param application name of the application
	 * @param actions whether the page may act
	 * @param payloads whether it shows what is in messages
	 */
	public record Settings(String application, boolean actions, boolean payloads) {

	}

}
