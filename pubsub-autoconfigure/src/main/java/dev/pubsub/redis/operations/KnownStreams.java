package dev.pubsub.redis.operations;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.internal.redis.RedisKeys;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;

/**
 * The streams that this application has to do with, and where their dead letters are.
 * Other keys are none of its business.
 */
final class KnownStreams {

	private final StreamListenerContainerRegistry containers;

	private final Collection<CronScheduler> schedulers;

	private final Collection<String> named;

	private final UnaryOperator<String> deadLetterSuffix;

	KnownStreams(StreamListenerContainerRegistry containers, Collection<CronScheduler> schedulers,
			Collection<String> named, UnaryOperator<String> deadLetterSuffix) {
		this.containers = containers;
		this.schedulers = schedulers;
		this.named = named;
		this.deadLetterSuffix = deadLetterSuffix;
	}

	SortedSet<String> names() {
		SortedSet<String> names = new TreeSet<>(this.named);
		subscriptions().forEach((subscription) -> names.addAll(subscription.streams()));
		this.schedulers.stream()
			.flatMap((scheduler) -> scheduler.getJobs().stream())
			.forEach((job) -> names.add(job.job().stream()));
		return names;
	}

	String require(String stream) {
		if (!names().contains(stream)) {
			throw OperationException.unknown("This application has nothing to do with a stream \"%s\", but with %s"
				.formatted(SafeText.of(stream), some(names())));
		}
		return stream;
	}

	List<String> subscriptions(String stream) {
		return subscriptions().stream()
			.filter((subscription) -> subscription.streams().contains(stream))
			.map(Subscription::id)
			.toList();
	}

	/**
	 * Return where dead letters of a stream are.
	 * @param name name of the stream, or of a dead-letter stream of a subscription
	 */
	DeadLetterPlace deadLetters(String name) {
		if (names().contains(name)) {
			return new DeadLetterPlace(name, deadLetterStream(name));
		}
		return subscriptions().stream()
			.flatMap((subscription) -> subscription.streams()
				.stream()
				.filter((stream) -> name.equals(subscription.deadLetterStream(stream))))
			.findFirst()
			.map((stream) -> new DeadLetterPlace(stream, name))
			.orElseGet(() -> new DeadLetterPlace(require(name), name));
	}

	/**
	 * Return whether a stream has its dead letters there.
	 */
	boolean isSource(String stream, String deadLetters) {
		return names().contains(stream) && (deadLetters.equals(deadLetterStream(stream)) || subscriptions().stream()
			.anyMatch((subscription) -> subscription.streams().contains(stream)
					&& deadLetters.equals(subscription.deadLetterStream(stream))));
	}

	/**
	 * Return the dead-letter stream of a stream: that of its subscriptions where they
	 * agree, else the default one.
	 */
	String deadLetterStream(String stream) {
		List<String> own = deadLetterStreams(stream);
		return (own.size() == 1) ? own.get(0) : defaultDeadLetterStream(stream);
	}

	/**
	 * Return where the subscriptions of a stream put their dead letters, else its default
	 * dead-letter stream.
	 */
	List<String> deadLetterStreams(String stream) {
		List<String> own = subscriptions().stream()
			.filter((subscription) -> subscription.streams().contains(stream))
			.map((subscription) -> subscription.deadLetterStream(stream))
			.filter(Objects::nonNull)
			.distinct()
			.toList();
		return own.isEmpty() ? List.of(defaultDeadLetterStream(stream)) : own;
	}

	private String defaultDeadLetterStream(String stream) {
		return RedisKeys.beside(stream, this.deadLetterSuffix.apply(stream));
	}

	private List<Subscription> subscriptions() {
		return this.containers.getContainers().stream().map(StreamListenerContainer::getSubscription).toList();
	}

	/**
	 * Return so many names that people can find a typing error.
	 */
	static List<String> some(Collection<String> names) {
		List<String> some = new TreeSet<>(names).stream().limit(21).map(SafeText::of).toList();
		return (some.size() > 20) ? Stream.concat(some.stream().limit(20), Stream.of("…")).toList() : some;
	}

	/**
	 * Where dead letters are.
	 *
	 * @param stream the stream that they come from, where they do not say so themselves
	 * @param deadLetters the dead-letter stream
	 */
	record DeadLetterPlace(String stream, String deadLetters) {

	}

}
