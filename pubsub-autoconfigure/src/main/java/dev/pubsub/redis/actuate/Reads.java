package dev.pubsub.redis.actuate;

import dev.pubsub.redis.operations.DeadLetterOperations;
import dev.pubsub.redis.operations.EntryIds;
import dev.pubsub.redis.operations.PageRequest;
import dev.pubsub.redis.operations.Payloads;
import dev.pubsub.redis.operations.PubSubOperations;
import dev.pubsub.redis.operations.StreamOperations;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint shows over HTTP.
 */
final class Reads {

	private final PubSubOperations operations;

	Reads(PubSubOperations operations) {
		this.operations = operations;
	}

	/**
	 * Return a page of all there is in an area.
	 */
	Object list(Area area, PageRequest page) {
		return switch (area) {
			case SUBSCRIPTIONS -> this.operations.subscriptions().list(page);
			case STREAMS -> this.operations.streams().list(page);
			case CRON -> this.operations.cron().list(page);
			default -> throw Inputs.invalid("Name a stream: %s/{stream}".formatted(Inputs.name(area)));
		};
	}

	/**
	 * Return what belongs to a subscription or a stream.
	 */
	Object get(Area area, String name, Query query, Payloads payloads) {
		StreamOperations streams = this.operations.streams();
		DeadLetterOperations deadLetters = this.operations.deadLetters();
		return switch (area) {
			case SUBSCRIPTIONS -> this.operations.subscriptions().get(name);
			case STREAMS -> streams.get(name);
			case GROUPS -> streams.groups(name, query.page());
			case CONSUMERS -> streams.consumers(name, Inputs.required("group", query.group()), query.page());
			case PENDING -> streams.pending(name, Inputs.required("group", query.group()),
					Inputs.isAbsent(query.consumer()) ? null : query.consumer(), query.page());
			case MESSAGES -> streams.messages(name, EntryIds.range(query.from(), query.to()),
					Inputs.order(query.order()), payloads, query.page());
			case DEAD_LETTERS -> deadLetters.list(name, EntryIds.range(query.from(), query.to()),
					Inputs.order(query.order()), payloads, query.page());
			case RUNS -> deadLetters.run(name)
				.orElseThrow(() -> Inputs.unknown("Nothing was done with the dead letters of \"" + name
						+ "\" as a whole, by this instance of the application"));
			case CRON -> this.operations.cron().get(name, Inputs.orElse(query.job(), name));
		};
	}

	/**
	 * What to show, as it was sent.
	 *
	 * @param group name of a group
	 * @param consumer name of a consumer
	 * @param job name of a cron job
	 * @param from where a range begins
	 * @param to where a range ends
	 * @param order which entries come first
	 * @param page which page
	 */
	record Query(@Nullable String group, @Nullable String consumer, @Nullable String job, @Nullable String from,
			@Nullable String to, @Nullable String order, PageRequest page) {

	}

}
