package dev.pubsub.redis.monitor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.internal.redis.BacklogQuery.Question;
import dev.pubsub.redis.listener.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * The streams of subscriptions, one question for each. Immutable.
 */
final class WatchedStreams {

	static final WatchedStreams NONE = new WatchedStreams(List.of());

	private final List<Subscription> subscriptions;

	private final List<Question> questions = new ArrayList<>();

	private final List<List<Subscription>> asking = new ArrayList<>();

	private WatchedStreams(List<Subscription> subscriptions) {
		this.subscriptions = subscriptions;
		Map<Keys, List<Subscription>> streams = new LinkedHashMap<>();
		subscriptions.forEach(
				(subscription) -> streams
					.computeIfAbsent(new Keys(subscription.stream(), subscription.deadLetterStream()),
							(any) -> new ArrayList<>())
					.add(subscription));
		streams.forEach((keys, subscribed) -> {
			List<String> groups = subscribed.stream().map(Subscription::group).toList();
			this.questions.add(Question.of(keys.stream(), keys.deadLetters(), groups));
			this.asking.add(subscribed);
		});
	}

	/**
	 * Return the streams of subscriptions, which are mostly those of the last round.
	 */
	WatchedStreams with(Collection<Subscription> subscriptions) {
		List<Subscription> present = List.copyOf(subscriptions);
		return present.equals(this.subscriptions) ? this : new WatchedStreams(present);
	}

	List<Question> questions() {
		return this.questions;
	}

	/**
	 * Return for whom a question is asked, in the order of its groups.
	 * @param question position of the question
	 */
	List<Subscription> asking(int question) {
		return this.asking.get(question);
	}

	List<String> ids() {
		return this.subscriptions.stream().map(Subscription::id).toList();
	}

	/**
	 * A stream and its dead letters.
	 */
	private record Keys(String stream, @Nullable String deadLetters) {

	}

}
