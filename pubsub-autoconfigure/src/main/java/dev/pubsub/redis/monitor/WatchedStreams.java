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

	private final Map<Subscription, List<Part>> parts = new LinkedHashMap<>();

	private WatchedStreams(List<Subscription> subscriptions) {
		this.subscriptions = subscriptions;
		Map<Keys, List<Subscription>> streams = new LinkedHashMap<>();
		subscriptions.forEach((subscription) -> subscription.streams()
			.forEach((stream) -> streams
				.computeIfAbsent(new Keys(stream, subscription.deadLetterStream(stream)), (any) -> new ArrayList<>())
				.add(subscription)));
		streams.forEach((keys, subscribed) -> {
			for (int i = 0; i < subscribed.size(); i++) {
				this.parts.computeIfAbsent(subscribed.get(i), (any) -> new ArrayList<>())
					.add(new Part(this.questions.size(), i));
			}
			List<String> groups = subscribed.stream().map(Subscription::group).toList();
			this.questions.add(Question.of(keys.stream(), keys.deadLetters(), groups));
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
	 * Return where the answers for each subscription are, one for its stream and each of
	 * its partitions.
	 */
	Map<Subscription, List<Part>> parts() {
		return this.parts;
	}

	List<String> ids() {
		return this.subscriptions.stream().map(Subscription::id).toList();
	}

	/**
	 * An answer, or a part of it.
	 *
	 * @param question position of the question
	 * @param group position of the group in its answer
	 */
	record Part(int question, int group) {

	}

	/**
	 * A stream and its dead letters.
	 */
	private record Keys(String stream, @Nullable String deadLetters) {

	}

}
