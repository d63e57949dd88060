package dev.pubsub.redis.admin;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.listener.DeadLetterPolicy;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Looks at and acts on streams, groups, consumers, pending and dead messages. Calls wait
 * for the reply of Redis, at most a few seconds. Thread-safe.
 * <p>
 * All methods throw {@link StreamAdminException} when Redis refuses or does not answer.
 *
 * @since 0.1.0
 */
public interface StreamAdmin extends AutoCloseable {

	/**
	 * Return an admin with connections of its own, for dead letters where
	 * {@link DeadLetterPolicy#defaults()} puts them.
	 * @param connectionFactory tells where the server is; only its configuration is used
	 * @return the admin, which connects when it is first used; the caller closes it
	 */
	static StreamAdmin create(LettuceConnectionFactory connectionFactory) {
		return builder(connectionFactory).build();
	}

	/**
	 * Return a builder of an admin with connections of its own.
	 * @param connectionFactory tells where the server is; only its configuration is used
	 * @return the builder
	 */
	static AdminBuilder builder(LettuceConnectionFactory connectionFactory) {
		return new AdminBuilder(ConnectionSource.of(connectionFactory));
	}

	/**
	 * Return a builder of an admin over connections that others share.
	 * @param connections the connections; the admin does not close them
	 * @return the builder
	 */
	static AdminBuilder builder(SharedConnections connections) {
		return new AdminBuilder(ConnectionSource.of(connections));
	}

	/**
	 * Return how many entries a stream has.
	 * @param stream name of the stream
	 * @return the number, 0 when there is no such stream
	 */
	long length(String stream);

	/**
	 * Return entries in order. Of entries that take more than 8 MB together, or more than
	 * an eighth of the heap, come as many as fit, and one at least: a page may be short
	 * though there are more, and only an empty one is the end.
	 * @param stream name of the stream
	 * @param range which entries
	 * @param count most entries to return, one or more
	 * @return the entries
	 */
	List<StoredMessage> range(String stream, IdRange range, int count);

	/**
	 * Return entries in reverse order, the newest first, as many as fit into a page of
	 * {@link #range}.
	 * @param stream name of the stream
	 * @param range which entries
	 * @param count most entries to return, one or more
	 * @return the entries
	 */
	List<StoredMessage> reverseRange(String stream, IdRange range, int count);

	/**
	 * Return the state of a stream.
	 * @param stream name of the stream
	 * @return its state, nothing when there is no such stream
	 */
	Optional<StreamInfo> info(String stream);

	/**
	 * Take the oldest entries away, read or not.
	 * @param stream name of the stream
	 * @param options what to keep
	 * @return how many went
	 */
	long trim(String stream, TrimOptions options);

	/**
	 * Delete entries, read or not.
	 * @param stream name of the stream
	 * @param ids ids of the entries
	 * @return how many there were
	 */
	long delete(String stream, RecordId... ids);

	/**
	 * Read entries without a group, as many as fit into a page of {@link #range}.
	 * @param stream name of the stream
	 * @param after entries after this id
	 * @param count most entries to return, one or more
	 * @param block longest wait for the first entry, zero not to wait; at most a day
	 * @return the entries, none when the wait ended
	 */
	List<StoredMessage> read(String stream, RecordId after, int count, Duration block);

	/**
	 * Read entries without a group that are added from now on, as many as fit into a page
	 * of {@link #range}.
	 * @param stream name of the stream
	 * @param count most entries to return, one or more
	 * @param block longest wait for the first entry, greater than zero and at most a day
	 * @return the entries, none when the wait ended
	 */
	List<StoredMessage> readNew(String stream, int count, Duration block);

	/**
	 * Return the groups of a stream.
	 * @param stream name of the stream
	 * @return the groups, none when there is no such stream
	 */
	List<GroupInfo> groups(String stream);

	/**
	 * Return a group of a stream, whether or not it exists, without asking Redis.
	 * @param stream name of the stream
	 * @param group name of the group
	 * @return the group, to look at and to act on
	 */
	GroupHandle group(String stream, String group);

	/**
	 * Return the dead letters of a stream, from its default dead-letter stream, as many
	 * as fit into a page of {@link #range}.
	 * @param stream name of the stream
	 * @param range which of them, by their ids in the dead-letter stream
	 * @param count most dead letters to return, one or more
	 * @return the dead letters, in order
	 */
	List<DeadLetter> deadLetters(String stream, IdRange range, int count);

	/**
	 * Add a dead letter to its stream again, as it was first published, and delete it.
	 * All groups of the stream get it. That is one step up to 3,600 fields; with more,
	 * two callers at once, or a connection that is lost meanwhile, may add it twice.
	 * @param stream name of the stream
	 * @param deadLetter id of the dead letter
	 * @return id of the new message, nothing when there is no such dead letter
	 */
	Optional<RecordId> redrive(String stream, RecordId deadLetter);

	/**
	 * Redrive dead letters, one after the other, oldest first. Entries that have no
	 * fields of a message, which another program must have written, stay where they are.
	 * So do those that Redis refuses to add: the others are redriven all the same, and
	 * the exception says how many.
	 * @param stream name of the stream
	 * @param range which of them, by their ids in the dead-letter stream; those that are
	 * added meanwhile are left
	 * @return how many
	 * @throws StreamAdminException if some could not be redriven, too
	 */
	long redrive(String stream, IdRange range);

	/**
	 * Redrive all dead letters that are there now, as {@link #redrive(String, IdRange)}
	 * does.
	 * @param stream name of the stream
	 * @return how many
	 * @throws StreamAdminException if some could not be redriven, too
	 */
	default long redriveAll(String stream) {
		return redrive(stream, IdRange.all());
	}

	/**
	 * Delete dead letters for good.
	 * @param stream name of the stream
	 * @param deadLetters ids of the dead letters
	 * @return how many there were
	 */
	long discard(String stream, RecordId... deadLetters);

	/**
	 * Return the name of the default dead-letter stream.
	 * @param stream name of the stream
	 * @return its name
	 */
	String deadLetterStream(String stream);

	/**
	 * Close the connections.
	 */
	@Override
	void close();

}
