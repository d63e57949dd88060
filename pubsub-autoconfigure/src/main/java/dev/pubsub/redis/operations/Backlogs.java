package dev.pubsub.redis.operations;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.internal.redis.BacklogQuestions;
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
		BacklogQuestions questions = new BacklogQuestions();
		subscriptions.forEach((subscription) -> subscription.streams()
			.forEach((stream) -> questions.add(subscription.id(), stream, subscription.deadLetterStream(stream),
					subscription.group())));
		Map<String, CompletableFuture<@Nullable StreamBacklog>> asked = new LinkedHashMap<>();
		questions.sums(this.link.backlogs(questions.all())).forEach((id, sum) -> asked.put(id, orNothing(sum)));
		Map<String, BacklogStatus> answers = new LinkedHashMap<>();
		for (Subscription subscription : subscriptions) {
			StreamBacklog answer = this.link.await("look at " + subscription.stream(),
					Objects.requireNonNull(asked.get(subscription.id())));
			if (answer != null) {
				answers.put(subscription.id(), status(answer, answer.groups().get(0)));
			}
		}
		return answers;
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

}
