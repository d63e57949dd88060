package dev.pubsub.redis.operations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.internal.redis.BacklogQuery.Question;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.StreamBacklog;
import dev.pubsub.redis.listener.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Asks how much waits for subscriptions, with one command per stream, those for one
 * server in one write.
 */
final class Backlogs {

	private final OperationsLink link;

	Backlogs(OperationsLink link) {
		this.link = link;
	}

	/**
	 * Ask about one subscription.
	 * @return what waits, {@code null} where Redis does not answer
	 */
	@Nullable BacklogStatus of(Subscription subscription) {
		return of(List.of(subscription)).get(subscription.id());
	}

	/**
	 * Ask about subscriptions, for two seconds at most.
	 * @return what waits by their ids, without those that Redis does not answer for
	 */
	Map<String, BacklogStatus> of(Collection<Subscription> subscriptions) {
		Map<Stream, List<Subscription>> streams = new LinkedHashMap<>();
		subscriptions.forEach((subscription) -> subscription.streams()
			.forEach((stream) -> streams
				.computeIfAbsent(new Stream(stream, subscription.deadLetterStream(stream)), (any) -> new ArrayList<>())
				.add(subscription)));
		List<Question> questions = new ArrayList<>();
		streams.forEach((stream, subscribed) -> questions.add(Question.of(stream.name(), stream.deadLetters(),
				subscribed.stream().map(Subscription::group).toList())));
		Iterator<CompletableFuture<@Nullable StreamBacklog>> asked = this.link.backlogs(questions)
			.stream()
			.map(Backlogs::orNothing)
			.toList()
			.iterator();
		Map<String, StreamBacklog> answers = new LinkedHashMap<>();
		Set<String> unknown = new HashSet<>();
		streams.forEach((stream, subscribed) -> {
			StreamBacklog answer = this.link.await("look at " + stream.name(), asked.next());
			for (int i = 0; i < subscribed.size(); i++) {
				if (answer == null) {
					unknown.add(subscribed.get(i).id());
				}
				else {
					answers.merge(subscribed.get(i).id(), answer.of(i), StreamBacklog::plus);
				}
			}
		});
		answers.keySet().removeAll(unknown);
		Map<String, BacklogStatus> statuses = new LinkedHashMap<>();
		answers.forEach((id, answer) -> statuses.put(id, status(answer, answer.groups().get(0))));
		return statuses;
	}

	private static CompletableFuture<@Nullable StreamBacklog> orNothing(CompletableFuture<StreamBacklog> asked) {
		return asked.<@Nullable StreamBacklog>thenApply((answer) -> answer)
			.completeOnTimeout(null, OperationsLink.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
			.exceptionally((failure) -> null);
	}

	private static BacklogStatus status(StreamBacklog stream, StreamBacklog.Group group) {
		return new BacklogStatus(known(group.lag()), time(group.oldestUnread()), group.pending(),
				time(group.oldestPending()), Math.max(0, group.consumers()), stream.length(), known(stream.bytes()),
				stream.deadLetters());
	}

	static @Nullable Long known(long number) {
		return (number != StreamBacklog.UNKNOWN) ? number : null;
	}

	private static @Nullable Instant time(@Nullable EntryId id) {
		return (id != null) ? id.time() : null;
	}

	private record Stream(String name, @Nullable String deadLetters) {

	}

}
