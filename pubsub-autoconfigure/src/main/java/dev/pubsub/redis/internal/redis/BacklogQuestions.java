package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.internal.redis.BacklogQuery.Question;
import org.jspecify.annotations.Nullable;

/**
 * What subscriptions want to know of their streams: each stream is asked about once,
 * whichever of them read it, and a subscription of several streams gets the sum. Good for
 * any number of rounds. For one thread at a time.
 */
public final class BacklogQuestions {

	private final Map<Keys, Asked> streams = new LinkedHashMap<>();

	private final Map<String, List<Part>> parts = new LinkedHashMap<>();

	/**
	 * Ask about a stream.
	 * @param subscription id of the subscription that wants to know
	 * @param stream key of the stream
	 * @param deadLetters key of its dead letters, {@code null} if it has none
	 * @param group name of the group of the subscription
	 */
	public void add(String subscription, String stream, @Nullable String deadLetters, String group) {
		Asked asked = this.streams.computeIfAbsent(new Keys(stream, deadLetters),
				(any) -> new Asked(this.streams.size(), new ArrayList<>()));
		this.parts.computeIfAbsent(subscription, (any) -> new ArrayList<>())
			.add(new Part(asked.question(), asked.groups().size()));
		asked.groups().add(group);
	}

	/**
	 * Return the questions.
	 * @return one for each stream
	 */
	public List<Question> all() {
		List<Question> questions = new ArrayList<>(this.streams.size());
		this.streams
			.forEach((keys, asked) -> questions.add(Question.of(keys.stream(), keys.deadLetters(), asked.groups())));
		return questions;
	}

	/**
	 * Return what each subscription is told.
	 * @param answers answers to {@link #all()}, in the same order
	 * @return by the ids of subscriptions, with one group each; fails with any of its
	 * streams
	 */
	public Map<String, CompletableFuture<StreamBacklog>> sums(List<CompletableFuture<StreamBacklog>> answers) {
		Map<String, CompletableFuture<StreamBacklog>> sums = new LinkedHashMap<>();
		this.parts.forEach((subscription, ofSubscription) -> sums.put(subscription,
				ofSubscription.stream()
					.map((part) -> answers.get(part.question()).thenApply((answer) -> answer.of(part.group())))
					.reduce((one, other) -> one.thenCombine(other, StreamBacklog::plus))
					.orElseThrow()));
		return sums;
	}

	/**
	 * A stream and its dead letters.
	 */
	private record Keys(String stream, @Nullable String deadLetters) {

	}

	/**
	 * What is asked about a stream.
	 *
	 * @param question position of the question
	 * @param groups names of groups
	 */
	private record Asked(int question, List<String> groups) {

	}

	/**
	 * A part of an answer.
	 *
	 * @param question position of the question
	 * @param group position of the group
	 */
	private record Part(int question, int group) {

	}

}
