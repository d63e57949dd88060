package dev.pubsub.redis.console.view;

import java.util.List;
import java.util.Locale;

import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StoredMessage;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.console.http.Parameters;
import dev.pubsub.redis.console.http.RefusedException;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.listener.StreamListenerContainer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * What the console does. Each action is logged, with what it was done to.
 */
final class Actions {

	private static final Logger logger = LoggerFactory.getLogger(Actions.class);

	/** Letters that one request redrives or discards; the page asks again for more. */
	private static final int MOST_LETTERS = 100;

	private final Catalog catalog;

	private final StreamAdmin admin;

	private final CronScheduler scheduler;

	Actions(Catalog catalog, StreamAdmin admin, CronScheduler scheduler) {
		this.catalog = catalog;
		this.admin = admin;
		this.scheduler = scheduler;
	}

	Done subscription(Parameters parameters) {
		StreamListenerContainer container = this.catalog.container(parameters.required("id"));
		SubscriptionAction action = parameters.constant("action", SubscriptionAction.class);
		log(action, "subscription " + container.getId());
		switch (action) {
			case START -> container.start();
			case STOP -> container.stop();
			case PAUSE -> container.pause();
			case RESUME -> container.resume();
		}
		return new Done("The subscription is " + SubscriptionView.state(container) + ".");
	}

	Done cron(Parameters parameters) {
		String stream = this.catalog.stream(parameters);
		String job = parameters.required("job");
		if (this.scheduler.getJob(stream, job).isEmpty()) {
			throw RefusedException.notFound(
					"The stream %s has no cron job %s.".formatted(Parameters.quoted(stream), Parameters.quoted(job)));
		}
		CronAction action = parameters.constant("action", CronAction.class);
		log(action, "cron job " + job + " of " + stream);
		return switch (action) {
			case TRIGGER -> new Done("Added the message " + this.scheduler.trigger(stream, job) + ".");
			case PAUSE -> {
				this.scheduler.pause(stream, job);
				yield new Done("The job is paused, in all applications.");
			}
			case RESUME -> {
				this.scheduler.resume(stream, job);
				yield new Done("The job fires again, in all applications.");
			}
		};
	}

	Done redrive(Parameters parameters) {
		String stream = this.catalog.stream(parameters);
		RecordId id = parameters.requiredId("id");
		log("redrive", "dead letter " + id + " of " + stream);
		RecordId added = this.admin.redrive(stream, id).orElseThrow(() -> gone(stream, id));
		return new Done("Redriven as " + added + ".");
	}

	Done discard(Parameters parameters) {
		String stream = this.catalog.stream(parameters);
		RecordId id = parameters.requiredId("id");
		log("discard", "dead letter " + id + " of " + stream);
		if (this.admin.discard(stream, id) == 0) {
			throw gone(stream, id);
		}
		return new Done("Discarded.");
	}

	private static RefusedException gone(String stream, RecordId id) {
		return RefusedException
			.notFound("There is no dead letter %s of %s any more.".formatted(id, Parameters.quoted(stream)));
	}

	/**
	 * Redrive or discard the oldest letters of a range, as many as one request may take.
	 */
	Batch batch(Parameters parameters) {
		String stream = this.catalog.stream(parameters);
		BatchAction action = parameters.constant("action", BatchAction.class);
		String place = this.admin.deadLetterStream(stream);
		IdRange range = range(parameters);
		List<StoredMessage> letters = this.admin.range(place, range, MOST_LETTERS);
		if (letters.isEmpty()) {
			return new Batch(0, 0, null, null);
		}
		RecordId first = letters.get(0).id();
		RecordId last = letters.get(letters.size() - 1).id();
		log(action, "dead letters " + first + " to " + last + " of " + stream);
		long done = switch (action) {
			case REDRIVE -> this.admin.redrive(stream, IdRange.of(first, last));
			case DISCARD ->
				this.admin.discard(stream, letters.stream().map(StoredMessage::id).toArray(RecordId[]::new));
		};
		return new Batch(done, letters.size() - done, last.getValue(), null);
	}

	private static IdRange range(Parameters parameters) {
		IdRange all = IdRange.all();
		IdRange from = parameters.point("from").map((point) -> point.from(all)).orElse(all);
		IdRange to = parameters.point("to").map((point) -> point.to(from)).orElse(from);
		return parameters.id("after").map(to::withFromAfter).orElse(to);
	}

	Done deleteConsumer(Parameters parameters) {
		String stream = this.catalog.stream(parameters);
		String group = parameters.required("group");
		String consumer = parameters.required("consumer");
		log("delete", "consumer " + consumer + " of group " + group + " of " + stream);
		if (!this.admin.group(stream, group).consumer(consumer).delete()) {
			throw RefusedException.notFound("There is no such consumer any more.");
		}
		return new Done("The consumer is deleted.");
	}

	private static void log(Object action, String target) {
		logger.info("Console: {} {}", action.toString().toLowerCase(Locale.ROOT), SafeText.of(target));
	}

	private enum SubscriptionAction {

		START, STOP, PAUSE, RESUME

	}

	private enum CronAction {

		TRIGGER, PAUSE, RESUME

	}

	private enum BatchAction {

		REDRIVE, DISCARD

	}

	/**
	 * What was done.
	 *
	 * @param message a sentence
	 */
	record Done(String message) {

	}

	/**
	 * What one request did of many.
	 *
	 * @param done how many letters
	 * @param left how many of those that were looked at stayed
	 * @param last the last letter that was looked at, to go on after; {@code null} at the
	 * end
	 * @param problem why some stayed, {@code null} where none did
	 */
	record Batch(long done, long left, @Nullable String last, @Nullable String problem) {

	}

}
