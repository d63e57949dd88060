package dev.pubsub.redis.admin;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.pubsub.redis.internal.partition.PartitionRedrive;
import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.internal.redis.RedisKeys;
import dev.pubsub.redis.internal.redis.Reply;
import dev.pubsub.redis.internal.redis.StreamNames;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * {@link StreamAdmin} over a connection of its own.
 */
final class DefaultStreamAdmin implements StreamAdmin {

	private final UnaryOperator<String> deadLetterSuffix;

	private final AdminLink link;

	private final ConnectionSource.Lease connections;

	private final Streams streams;

	private final Pendings pendings;

	private final Groups groups;

	DefaultStreamAdmin(ConnectionSource.Lease connections, Duration timeout, UnaryOperator<String> deadLetterSuffix) {
		this.deadLetterSuffix = deadLetterSuffix;
		this.connections = connections;
		this.link = new AdminLink(connections.connections(), timeout);
		this.streams = new Streams(this.link);
		this.pendings = new Pendings(this.link);
		this.groups = new Groups(this.link, this.pendings);
	}

	@Override
	public long length(String stream) {
		return this.streams.length(stream);
	}

	@Override
	public List<StoredMessage> range(String stream, IdRange range, int count) {
		return this.streams.range(stream, range.from(), range.to(), count, false);
	}

	@Override
	public List<StoredMessage> reverseRange(String stream, IdRange range, int count) {
		return this.streams.range(stream, range.from(), range.to(), count, true);
	}

	@Override
	public Optional<StreamInfo> info(String stream) {
		return this.streams.info(stream);
	}

	@Override
	public long trim(String stream, TrimOptions options) {
		return this.streams.trim(stream, options);
	}

	@Override
	public long delete(String stream, RecordId... ids) {
		return this.streams.delete(stream, ids);
	}

	@Override
	public List<StoredMessage> read(String stream, RecordId after, int count, Duration block) {
		return this.streams.read(stream, after.getValue(), count, block);
	}

	@Override
	public List<StoredMessage> readNew(String stream, int count, Duration block) {
		return this.streams.read(stream, "$", count, block);
	}

	@Override
	public List<GroupInfo> groups(String stream) {
		return this.groups.list(stream);
	}

	@Override
	public GroupHandle group(String stream, String group) {
		return new GroupHandle(stream, group, this.groups, this.pendings);
	}

	@Override
	public List<DeadLetter> deadLetters(String stream, IdRange range, int count) {
		return range(deadLetterStream(stream), range, count).stream().map(DeadLetter::of).toList();
	}

	@Override
	public Optional<RecordId> redrive(String stream, RecordId deadLetter) {
		requireOneSlot(stream);
		Reply id = this.link.call("redrive " + deadLetter + " of " + stream, (commands) -> PartitionRedrive
			.redrive(commands, deadLetterStream(stream), stream, deadLetter.getValue()));
		return id.isNull() ? Optional.empty() : Optional.of(RecordId.of(id.text()));
	}

	@Override
	public long redrive(String stream, IdRange range) {
		requireOneSlot(stream);
		return new RangeRedrive(this, stream).run(range);
	}

	private void requireOneSlot(String stream) {
		String refusal = this.connections.connections().names().refusal(stream, deadLetterStream(stream));
		if (refusal != null) {
			throw new StreamAdminException(
					"Cannot redrive dead letters of \"" + stream + "\": " + refusal + ". " + StreamNames.CURE, null);
		}
	}

	@Override
	public long discard(String stream, RecordId... deadLetters) {
		return delete(deadLetterStream(stream), deadLetters);
	}

	@Override
	public String deadLetterStream(String stream) {
		return RedisKeys.beside(stream, this.deadLetterSuffix.apply(stream));
	}

	@Override
	public void close() {
		this.link.close();
		this.connections.close();
	}

}
