package dev.pubsub.redis.operations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.StreamBacklog;
import dev.pubsub.redis.listener.Subscription;
import org.jspecify.annotations.Nullable;

/**
 * Asks how much waits for subscriptions, with one command per stream, all of them at
 * once.
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
		for (Subscription subscription : subscriptions) {
			streams
				.computeIfAbsent(new Stream(subscription.stream(), subscription.deadLetterStream()),
						(any) -> new ArrayList<>())
				.add(subscription);
		}
		Map<Stream, CompletableFuture<@Nullable StreamBacklog>> asked = new LinkedHashMap<>();
		streams.forEach((stream, group) -> asked.put(stream, ask(stream, group)));
		Map<String, BacklogStatus> answers = new LinkedHashMap<>();
		asked.forEach((stream, asking) -> {
			StreamBacklog answer = this.link.await("look at " + stream.name(), asking);
			if (answer != null) {
				List<Subscription> group = streams.getOrDefault(stream, List.of());
				for (int i = 0; i < group.size(); i++) {
					answers.put(group.get(i).id(), status(answer, answer.groups().get(i)));
				}
			}
		});
		return answers;
	}

	private CompletableFuture<@Nullable StreamBacklog> ask(Stream stream, List<Subscription> subscriptions) {
		return this.link
			.backlog(stream.name(), stream.deadLetters(), subscriptions.stream().map(Subscription::group).toList())
			.<@Nullable StreamBacklog>thenApply((answer) -> answer)
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
