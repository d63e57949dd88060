package dev.pubsub.redis.console.view;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

import dev.pubsub.redis.admin.ConsumerInfo;
import dev.pubsub.redis.admin.GroupHandle;
import dev.pubsub.redis.admin.GroupInfo;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.PendingQuery;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.admin.StreamInfo;
import dev.pubsub.redis.console.http.Parameters;
import dev.pubsub.redis.console.http.RefusedException;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.monitor.Backlog;
import org.jspecify.annotations.Nullable;

/**
 * Streams, the groups of a stream, the consumers of a group.
 */
final class StreamPages {

	private final Catalog catalog;

	private final StreamAdmin admin;

	private final History history;

	StreamPages(Catalog catalog, StreamAdmin admin, History history) {
		this.catalog = catalog;
		this.admin = admin;
		this.history = history;
	}

	Page<StreamRow> streams(Parameters parameters) {
		String text = parameters.optional("q").orElse("").toLowerCase(Locale.ROOT);
		List<String> found = this.catalog.streams()
			.stream()
			.filter((name) -> name.toLowerCase(Locale.ROOT).contains(text))
			.toList();
		return Page.of(found, parameters, this::row);
	}

	/**
	 * Redis is asked only about streams that nobody watches.
	 */
	private StreamRow row(String stream) {
		Collection<StreamListenerContainer> containers = this.catalog.containers(stream);
		List<Backlog> backlogs = containers.stream()
			.flatMap((container) -> this.catalog.backlog(container.getId()).stream())
			.toList();
		long jobs = this.catalog.jobs().stream().filter((job) -> job.job().stream().equals(stream)).count();
		if (backlogs.isEmpty()) {
			return new StreamRow(stream, containers.size(), jobs, this.admin.length(stream), null, null, null,
					this.catalog.deadLetters(stream));
		}
		return new StreamRow(stream, containers.size(), jobs, backlogs.get(0).getStreamLength(),
				Numbers.known(backlogs.get(0).getStreamBytes()).orElse(null),
				Numbers.sum(backlogs.stream().flatMap((backlog) -> Numbers.known(backlog.getLag()).stream()).toList()),
				Numbers.sum(backlogs.stream().map(Backlog::getPending).toList()), this.catalog.deadLetters(stream));
	}

	StreamView stream(Parameters parameters) {
		String stream = this.catalog.stream(parameters);
		Optional<StreamInfo> info = this.admin.info(stream);
		List<GroupInfo> groups = info.isPresent() ? this.admin.groups(stream) : List.of();
		return new StreamView(stream, info.map(StreamInfo::length).orElse(null),
				info.map(StreamInfo::firstId).map(Objects::toString).orElse(null),
				info.map(StreamInfo::lastId).map(Objects::toString).orElse(null),
				this.catalog.deadLetterStreams(stream)
					.stream()
					.map((name) -> new DeadLetterStream(name, this.admin.length(name)))
					.toList(),
				Page.of(groups, parameters, this::group),
				this.catalog.containers(stream)
					.stream()
					.map((container) -> SubscriptionView.of(container, this.catalog, this.history))
					.toList());
	}

	private GroupRow group(GroupInfo group) {
		return new GroupRow(group.name(), group.consumers(), group.pending(), group.lag(),
				group.lastDeliveredId().getValue());
	}

	GroupView group(Parameters parameters) {
		String stream = this.catalog.stream(parameters);
		String name = parameters.required("group");
		GroupInfo info = this.admin.groups(stream)
			.stream()
			.filter((group) -> group.name().equals(name))
			.findFirst()
			.orElseThrow(() -> RefusedException.notFound(
					"The stream %s has no group %s.".formatted(Parameters.quoted(stream), Parameters.quoted(name))));
		GroupHandle group = this.admin.group(stream, name);
		boolean own = this.catalog.containers(stream)
			.stream()
			.anyMatch((container) -> container.getSubscription().group().equals(name));
		return new GroupView(stream, own, group(info), Page.of(group.consumers(), parameters, StreamPages::consumer),
				pending(group, parameters));
	}

	private static ConsumerRow consumer(ConsumerInfo consumer) {
		return new ConsumerRow(consumer.name(), consumer.pending(), consumer.idle().toMillis());
	}

	private static List<PendingRow> pending(GroupHandle group, Parameters parameters) {
		IdRange range = parameters.id("after").map(IdRange.all()::withFromAfter).orElse(IdRange.all());
		return group.pending(PendingQuery.defaults().withRange(range).withCount(parameters.number("count", 25, 1, 100)))
			.stream()
			.map((message) -> new PendingRow(message.id().getValue(), message.consumer(), message.idle().toMillis(),
					message.deliveries()))
			.toList();
	}

	/**
	 * A line of the list of streams; what is not known is {@code null}.
	 */
	record StreamRow(String stream, int subscriptions, long cronJobs, long length, @Nullable Long bytes,
			@Nullable Long lag, @Nullable Long pending, long deadLetters) {

	}

	/**
	 * A stream; its length and ids are {@code null} where there is no such key.
	 */
	record StreamView(String stream, @Nullable Long length, @Nullable String firstId, @Nullable String lastId,
			List<DeadLetterStream> deadLetterStreams, Page<GroupRow> groups, List<SubscriptionView> subscriptions) {

	}

	/**
	 * Where dead letters are, and how many.
	 */
	record DeadLetterStream(String name, long length) {

	}

	/**
	 * A group of a stream.
	 */
	record GroupRow(String name, long consumers, long pending, @Nullable Long lag, String lastDeliveredId) {

	}

	/**
	 * A group, whether this application has it, its consumers and a page of what is
	 * pending.
	 */
	record GroupView(String stream, boolean own, GroupRow group, Page<ConsumerRow> consumers,
			List<PendingRow> pending) {

	}

	/**
	 * A consumer; its times are in milliseconds.
	 */
	record ConsumerRow(String name, long pending, long idle) {

	}

	/**
	 * A pending entry.
	 */
	record PendingRow(String id, String consumer, long idle, long deliveries) {

	}

}
