package dev.pubsub.redis.console.view;

import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.console.http.Parameters;
import dev.pubsub.redis.operations.CronOperations;
import dev.pubsub.redis.operations.DeadLetterOperations;
import dev.pubsub.redis.operations.DeadLetterRun;
import dev.pubsub.redis.operations.PubSubOperations;
import dev.pubsub.redis.operations.SubscriptionOperations;
import dev.pubsub.redis.operations.SubscriptionStatus;

/**
 * What the console does.
 */
final class Actions {

	private final Catalog catalog;

	private final PubSubOperations operations;

	Actions(Catalog catalog, PubSubOperations operations) {
		this.catalog = catalog;
		this.operations = operations;
	}

	Done subscription(Parameters parameters) {
		SubscriptionOperations subscriptions = this.operations.subscriptions();
		String id = parameters.required("id");
		SubscriptionStatus status = switch (parameters.constant("action", SubscriptionAction.class)) {
			case START -> subscriptions.start(id);
			case STOP -> subscriptions.stop(id);
			case PAUSE -> subscriptions.pause(id);
			case RESUME -> subscriptions.resume(id);
		};
		return new Done("The subscription is " + status.state().name().toLowerCase(Locale.ROOT) + ".");
	}

	Done cron(Parameters parameters) {
		CronOperations cron = this.operations.cron();
		String stream = parameters.required("stream");
		String job = parameters.required("job");
		return switch (parameters.constant("action", CronAction.class)) {
			case TRIGGER -> new Done("Added the message " + cron.trigger(stream, job) + ".");
			case PAUSE -> {
				cron.pause(stream, job);
				yield new Done("The job is paused, in all applications.");
			}
			case RESUME -> {
				cron.resume(stream, job);
				yield new Done("The job fires again, in all applications.");
			}
		};
	}

	Done redrive(Parameters parameters) {
		String place = this.catalog.placeName(parameters);
		return new Done("Redriven as " + deadLetters().redrive(place, parameters.required("id")) + ".");
	}

	Done discard(Parameters parameters) {
		String place = this.catalog.placeName(parameters);
		long discarded = deadLetters().discard(place, List.of(parameters.required("id")));
		return new Done((discarded > 0) ? "Discarded." : "It was gone already.");
	}

	/**
	 * Begin to redrive or discard the letters of a range, or end that.
	 */
	DeadLetterRun run(Parameters parameters) {
		String place = this.catalog.placeName(parameters);
		IdRange range = MessagePages.range(parameters);
		return switch (parameters.constant("action", RunAction.class)) {
			case REDRIVE -> deadLetters().redrive(place, range);
			case DISCARD -> deadLetters().discard(place, range);
			case CANCEL -> deadLetters().cancel(place);
		};
	}

	/**
	 * Return the last run over the dead letters of a stream.
	 * @return the run, empty if there was none
	 */
	Object lastRun(Parameters parameters) {
		return deadLetters().run(this.catalog.placeName(parameters)).<Object>map((run) -> run).orElse(Map.of());
	}

	private DeadLetterOperations deadLetters() {
		return this.operations.deadLetters();
	}

	Done retry(Parameters parameters) {
		this.operations.streams()
			.retryNow(parameters.required("stream"), parameters.required("group"), parameters.required("id"));
		return new Done("It is attempted now.");
	}

	Done deleteConsumer(Parameters parameters) {
		this.operations.streams()
			.deleteConsumer(parameters.required("stream"), parameters.required("group"),
					parameters.required("consumer"));
		return new Done("The consumer is deleted.");
	}

	private enum SubscriptionAction {

		START, STOP, PAUSE, RESUME

	}

	private enum CronAction {

		TRIGGER, PAUSE, RESUME

	}

	private enum RunAction {

		REDRIVE, DISCARD, CANCEL

	}

	/**
	 * What was done.
	 *
	 * @param message a sentence
	 */
	record Done(String message) {

	}

}
