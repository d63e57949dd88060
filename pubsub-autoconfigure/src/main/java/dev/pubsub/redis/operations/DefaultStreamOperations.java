package dev.pubsub.redis.operations;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.pubsub.redis.admin.GroupHandle;
import dev.pubsub.redis.admin.GroupInfo;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.PendingMessage;
import dev.pubsub.redis.admin.PendingQuery;
import dev.pubsub.redis.admin.StoredMessage;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * {@link StreamOperations} over Redis, and over the containers for what waits in them.
 */
final class DefaultStreamOperations implements StreamOperations {

	private static final Logger logger = LoggerFactory.getLogger(DefaultStreamOperations.class);

	private final KnownStreams known;

	private final StreamListenerContainerRegistry containers;

	private final StreamAdmin admin;

	private final Duration consumerIdle;

	private final StreamStates states;

	private final EntryPages pages;

	DefaultStreamOperations(KnownStreams known, StreamListenerContainerRegistry containers, StreamAdmin admin,
			OperationsLink link, Duration consumerIdle) {
		this.consumerIdle = consumerIdle;
		this.known = known;
		this.containers = containers;
		this.admin = admin;
		this.states = new StreamStates(known, link);
		this.pages = new EntryPages(admin);
	}

	@Override
	public List<String> names() {
		return List.copyOf(this.known.names());
	}

	@Override
	public List<String> deadLetterStreams(String stream) {
		return this.known.deadLetterStreams(this.known.require(stream));
	}

	@Override
	public Page<StreamStatus> list(PageRequest page) {
		Page<String> names = Listing.of(new ArrayList<>(this.known.names()), (name) -> name, page);
		return new Page<>(this.states.of(names.items()), names.next());
	}

	@Override
	public StreamStatus get(String stream) {
		StreamStatus status = getAll(List.of(stream)).get(0);
		if (status.problem() != null) {
			throw new OperationException(OperationException.Kind.UNAVAILABLE, status.problem(), null);
		}
		return status;
	}

	@Override
	public List<StreamStatus> getAll(List<String> streams) {
		streams.forEach(this.known::require);
		return this.states.of(streams);
	}

	@Override
	public Page<GroupStatus> groups(String stream, PageRequest page) {
		this.known.require(stream);
		Page<GroupInfo> groups = Listing.of(Operation.run(() -> this.admin.groups(stream)), GroupInfo::name, page);
		return Listing.map(groups,
				(group) -> new GroupStatus(group.name(), group.consumers(), group.pending(), group.lag(),
						group.lastDeliveredId().getValue(),
						container(stream, group.name()).map(StreamListenerContainer::getId).orElse(null)));
	}

	@Override
	public Page<ConsumerStatus> consumers(String stream, String group, PageRequest page) {
		return Listing.of(consumers(group(stream, group)), ConsumerStatus::name, page);
	}

	private static List<ConsumerStatus> consumers(GroupHandle group) {
		return Operation.run(group::consumers)
			.stream()
			.map((consumer) -> new ConsumerStatus(consumer.name(), consumer.pending(), consumer.idle()))
			.toList();
	}

	@Override
	public Page<PendingStatus> pending(String stream, String group, @Nullable String consumer, PageRequest page) {
		PendingQuery query = PendingQuery.defaults().withCount(page.limit() + 1);
		query = (consumer != null) ? query.withConsumer(consumer) : query;
		if (page.after() != null) {
			query = query.withRange(IdRange.all().withFromAfter(EntryIds.parse("after", page.after())));
		}
		PendingQuery asked = query;
		List<PendingMessage> pending = Operation.run(() -> group(stream, group).pending(asked));
		Page<PendingMessage> items = Listing.page(pending, (message) -> message.id().getValue(), page);
		return Listing.map(items, (message) -> new PendingStatus(message.id().getValue(), message.consumer(),
				message.idle(), message.deliveries()));
	}

	@Override
	public Page<MessageStatus> messages(String stream, IdRange range, Order order, Payloads payloads,
			PageRequest page) {
		this.known.require(stream);
		return Listing.map(this.pages.read(stream, range, order, page), (entry) -> status(entry, payloads));
	}

	private static MessageStatus status(StoredMessage entry, Payloads payloads) {
		return new MessageStatus(entry.id().getValue(), EntryId.parse(entry.id().getValue()).time(),
				Fields.bytes(entry.fields()), (payloads == Payloads.SHOWN) ? Fields.of(entry.fields()) : null);
	}

	@Override
	public void retryNow(String stream, String group, String id) {
		RecordId message = EntryIds.parse("id", id);
		this.known.require(stream);
		StreamListenerContainer container = container(stream, group)
			.orElseThrow(() -> OperationException.unknown("This application does not subscribe to %s in a group \"%s\""
				.formatted(SafeText.of(stream), SafeText.of(group))));
		if (container.retryNow(stream, message)) {
			logger.info("{} in {} (group {}) is attempted now, as somebody asked for it", message, stream, group);
			return;
		}
		PendingQuery query = PendingQuery.defaults().withRange(IdRange.of(message, message));
		List<PendingMessage> pending = Operation.run(() -> group(stream, group).pending(query));
		if (pending.isEmpty()) {
			throw OperationException
				.unknown("%s is not pending in %s (group %s)".formatted(id, SafeText.of(stream), SafeText.of(group)));
		}
		throw OperationException
			.conflict("%s does not wait for its next attempt here: consumer %s has it, or is to be found".formatted(id,
					SafeText.of(pending.get(0).consumer())));
	}

	@Override
	public void deleteConsumer(String stream, String group, String consumer) {
		GroupHandle handle = group(stream, group);
		List<ConsumerStatus> consumers = consumers(handle);
		ConsumerStatus status = consumers.stream()
			.filter((each) -> each.name().equals(consumer))
			.findFirst()
			.orElseThrow(() -> OperationException.unknown("There is no consumer \"%s\", but %s".formatted(
					SafeText.of(consumer), KnownStreams.some(consumers.stream().map(ConsumerStatus::name).toList()))));
		String name = "Consumer \"" + SafeText.of(consumer) + "\" ";
		if (status.idle().compareTo(this.consumerIdle) < 0) {
			throw OperationException
				.conflict(name + "is not idle: it asked for something " + status.idle().toSeconds() + " s ago");
		}
		if (status.pending() > 0) {
			throw OperationException.conflict(
					name + "cannot be deleted: %d messages are pending for it, which others".formatted(status.pending())
							+ " take when its lease is over");
		}
		boolean deleted = Operation.run(() -> handle.consumer(consumer).delete());
		if (deleted) {
			logger.info("Consumer {} of {} was deleted, as somebody asked for it", SafeText.of(consumer), handle);
		}
	}

	private GroupHandle group(String stream, String group) {
		if (group.isBlank()) {
			throw OperationException.invalid("'group' must not be blank");
		}
		return this.admin.group(this.known.require(stream), group);
	}

	private Optional<StreamListenerContainer> container(String stream, String group) {
		return this.containers.getContainers()
			.stream()
			.filter((container) -> container.getSubscription().streams().contains(stream)
					&& container.getSubscription().group().equals(group))
			.findFirst();
	}

}
