package dev.pubsub.redis.console.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.pubsub.redis.admin.ConsumerInfo;
import dev.pubsub.redis.admin.GroupHandle;
import dev.pubsub.redis.admin.GroupInfo;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.PendingQuery;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.console.http.Parameters;
import dev.pubsub.redis.console.http.RefusedException;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.monitor.Backlog;
import dev.pubsub.redis.operations.DeadLetterStream;
import dev.pubsub.redis.operations.EntryIds;
import dev.pubsub.redis.operations.StreamStatus;
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
		Page<String> page = Page.of(found, parameters, (name) -> name);
		return page.with(rows(page.items()));
	}

	/**
	 * Redis is asked only about streams that nobody watches, all of them at once. What is
	 * known of a subscription with partitions is the sum of these, which have rows of
	 * their own.
	 */
	private List<StreamRow> rows(List<String> streams) {
		Map<String, List<Backlog>> watched = new HashMap<>();
		this.catalog.containers()
			.stream()
			.filter((container) -> container.getSubscription().partitions().isEmpty())
			.forEach((container) -> this.catalog.backlog(container.getId())
				.ifPresent((backlog) -> watched
					.computeIfAbsent(container.getSubscription().stream(), (any) -> new ArrayList<>())
					.add(backlog)));
		this.catalog.containers()
			.stream()
			.filter((container) -> !container.getSubscription().partitions().isEmpty())
			.forEach((container) -> watched.remove(container.getSubscription().stream()));
		Iterator<StreamStatus> asked = this.catalog
			.ask(streams.stream().filter((stream) -> !watched.containsKey(stream)).toList())
			.iterator();
		List<StreamRow> rows = new ArrayList<>();
		for (String stream : streams) {
			List<Backlog> backlogs = watched.get(stream);
			rows.add((backlogs != null) ? row(stream, backlogs) : row(asked.next()));
		}
		return rows;
	}

	private StreamRow row(StreamStatus asked) {
		return new StreamRow(asked.name(), asked.subscriptions().size(), jobs(asked.name()), asked.length(), null, null,
				null, asked.deadLetters(), asked.problem());
	}

	private StreamRow row(String stream, List<Backlog> watched) {
		return new StreamRow(stream, this.catalog.containers(stream).size(), jobs(stream),
				watched.get(0).getStreamLength(), Numbers.known(watched.get(0).getStreamBytes()).orElse(null),
				Numbers.sum(watched.stream().flatMap((backlog) -> Numbers.known(backlog.getLag()).stream()).toList()),
				Numbers.sum(watched.stream().map(Backlog::getPending).toList()), deadLetters(watched), null);
	}

	private long jobs(String stream) {
		return this.catalog.jobs().stream().filter((job) -> job.job().stream().equals(stream)).count();
	}

	/**
	 * Subscriptions of a stream share its dead-letter stream, mostly.
	 */
	private static long deadLetters(List<Backlog> watched) {
		Map<String, Long> places = new HashMap<>();
		watched.forEach((backlog) -> {
			String place = backlog.getSubscription().deadLetterStream();
			if (place != null) {
				places.put(place, backlog.getDeadLetters());
			}
		});
		return places.values().stream().mapToLong(Long::longValue).sum();
	}

	StreamView stream(Parameters parameters) {
		StreamStatus status = this.catalog.ask(List.of(this.catalog.stream(parameters))).get(0);
		List<GroupInfo> groups = status.exists() ? this.admin.groups(status.name()) : List.of();
		return new StreamView(status.name(), status.exists() ? status.length() : null, status.firstId(),
				status.lastId(), status.deadLetterStreams(), Page.of(groups, parameters, this::group),
				this.catalog.containers(status.name())
					.stream()
					.map((container) -> SubscriptionView.of(container, this.catalog, this.history))
					.toList(),
				status.problem());
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
		IdRange range = parameters.optional("after")
			.map((after) -> IdRange.all().withFromAfter(EntryIds.parse("after", after)))
			.orElse(IdRange.all());
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
			@Nullable Long lag, @Nullable Long pending, long deadLetters, @Nullable String problem) {

	}

	/**
	 * A stream; its length and ids are {@code null} where there is no such key.
	 */
	record StreamView(String stream, @Nullable Long length, @Nullable String firstId, @Nullable String lastId,
			List<DeadLetterStream> deadLetterStreams, Page<GroupRow> groups, List<SubscriptionView> subscriptions,
			@Nullable String problem) {

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
