package dev.pubsub.redis.actuate;

import java.util.List;
import java.util.Map;

import dev.pubsub.redis.operations.CronOperations;
import dev.pubsub.redis.operations.DeadLetterOperations;
import dev.pubsub.redis.operations.DeadLetterRun;
import dev.pubsub.redis.operations.EntryIds;
import dev.pubsub.redis.operations.PubSubOperations;
import dev.pubsub.redis.operations.SubscriptionOperations;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint does over HTTP.
 */
final class Writes {

	private final PubSubOperations operations;

	Writes(PubSubOperations operations) {
		this.operations = operations;
	}

	Object run(Area area, String name, Command command) {
		return switch (area) {
			case SUBSCRIPTIONS -> subscription(name, command);
			case PENDING -> pending(name, command);
			case DEAD_LETTERS -> deadLetters(name, command);
			case CRON -> cron(name, command);
			default -> throw Inputs.invalid("There is nothing to do with " + Inputs.name(area));
		};
	}

	Object delete(Area area, String name, @Nullable String group, @Nullable String consumer) {
		if (area != Area.CONSUMERS) {
			throw Inputs.invalid("Only consumers can be deleted, by consumers/{stream}?group=…&consumer=…");
		}
		String deleted = Inputs.required("consumer", consumer);
		this.operations.streams().deleteConsumer(name, Inputs.required("group", group), deleted);
		return Map.of("deleted", deleted);
	}

	private Object subscription(String id, Command command) {
		SubscriptionOperations subscriptions = this.operations.subscriptions();
		subscriptions.get(id);
		return switch (Inputs.choice("action", SubscriptionAction.values(), command.action())) {
			case START -> subscriptions.start(id);
			case STOP -> subscriptions.stop(id);
			case PAUSE -> subscriptions.pause(id);
			case RESUME -> subscriptions.resume(id);
		};
	}

	private Object pending(String stream, Command command) {
		Inputs.choice("action", PendingAction.values(), command.action());
		String id = Inputs.required("id", command.id());
		this.operations.streams().retryNow(stream, Inputs.required("group", command.group()), id);
		return Map.of("retried", id);
	}

	private Object deadLetters(String stream, Command command) {
		DeadLetterOperations letters = this.operations.deadLetters();
		return switch (Inputs.choice("action", DeadLetterAction.values(), command.action())) {
			case REDRIVE -> command.isRange() ? letters.redrive(stream, EntryIds.range(command.from(), command.to()))
					: Map.of("id", letters.redrive(stream, Inputs.required("id", command.id())));
			case REDRIVE_ALL -> letters.redrive(stream, EntryIds.range(null, null));
			case DISCARD -> command.isRange() ? letters.discard(stream, EntryIds.range(command.from(), command.to()))
					: Map.of("discarded", letters.discard(stream, List.of(Inputs.required("id", command.id()))));
			case DISCARD_ALL -> letters.discard(stream, EntryIds.range(null, null));
			case CANCEL -> letters.cancel(stream);
		};
	}

	private Object cron(String stream, Command command) {
		CronOperations cron = this.operations.cron();
		String job = Inputs.orElse(command.job(), stream);
		return switch (Inputs.choice("action", CronAction.values(), command.action())) {
			case TRIGGER -> Map.of("id", cron.trigger(stream, job));
			case PAUSE -> cron.pause(stream, job);
			case RESUME -> cron.resume(stream, job);
		};
	}

	/**
	 * Return whether something goes on in the background.
	 */
	static boolean goesOn(Object result) {
		return result instanceof DeadLetterRun run && run.state() == DeadLetterRun.State.RUNNING;
	}

	private enum SubscriptionAction {

		START, STOP, PAUSE, RESUME

	}

	private enum PendingAction {

		RETRY

	}

	private enum DeadLetterAction {

		REDRIVE, REDRIVE_ALL, DISCARD, DISCARD_ALL, CANCEL

	}

	private enum CronAction {

		TRIGGER, PAUSE, RESUME

	}

	/**
	 * What to do, as it was sent.
	 *
	 * @param action what to do
	 * @param id id of an entry
	 * @param from where a range begins
	 * @param to where a range ends
	 * @param group name of a group
	 * @param job name of a cron job
	 */
	record Command(@Nullable String action, @Nullable String id, @Nullable String from, @Nullable String to,
			@Nullable String group, @Nullable String job) {

		boolean isRange() {
			return Inputs.isAbsent(this.id) && !(Inputs.isAbsent(this.from) && Inputs.isAbsent(this.to));
		}

	}

}
