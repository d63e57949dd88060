package dev.pubsub.redis.monitor;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.internal.redis.BacklogQuery.Question;
import dev.pubsub.redis.internal.redis.BacklogQuestions;
import dev.pubsub.redis.internal.redis.StreamBacklog;
import dev.pubsub.redis.listener.Subscription;

/**
 * The streams of subscriptions, one question for each. Immutable.
 */
final class WatchedStreams {

	static final WatchedStreams NONE = new WatchedStreams(List.of());

	private final List<Subscription> subscriptions;

	private final BacklogQuestions asked = new BacklogQuestions();

	private final List<Question> questions;

	private WatchedStreams(List<Subscription> subscriptions) {
		this.subscriptions = subscriptions;
		subscriptions.forEach((subscription) -> subscription.streams()
			.forEach((stream) -> this.asked.add(subscription.id(), stream, subscription.deadLetterStream(stream),
					subscription.group())));
		this.questions = this.asked.all();
	}

	/**
	 * Return the streams of subscriptions, which are mostly those of the last round.
	 */
	WatchedStreams with(Collection<Subscription> subscriptions) {
		List<Subscription> present = List.copyOf(subscriptions);
		return present.equals(this.subscriptions) ? this : new WatchedStreams(present);
	}

	List<Subscription> subscriptions() {
		return this.subscriptions;
	}

	List<Question> questions() {
		return this.questions;
	}

	/**
	 * Return what the answers tell each subscription, by their ids.
	 */
	Map<String, CompletableFuture<StreamBacklog>> sums(List<CompletableFuture<StreamBacklog>> answers) {
		return this.asked.sums(answers);
	}

	List<String> ids() {
		return this.subscriptions.stream().map(Subscription::id).toList();
	}

}
