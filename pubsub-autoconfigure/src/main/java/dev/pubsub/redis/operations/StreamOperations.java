package dev.pubsub.redis.operations;

import java.util.List;

import dev.pubsub.redis.admin.IdRange;
import org.jspecify.annotations.Nullable;

/**
 * Looks at and acts on streams, their groups, consumers and messages. Thread-safe.
 *
 * @since 0.1.0
 * @see PubSubOperations
 */
public interface StreamOperations {

	/**
	 * Return the names of all streams in order, without asking Redis.
	 * @return the names
	 */
	List<String> names();

	/**
	 * Return where the dead letters of a stream are, without asking Redis: where its
	 * subscriptions put them, else its default dead-letter stream.
	 * @param stream name of the stream
	 * @return names of dead-letter streams, at least one
	 */
	List<String> deadLetterStreams(String stream);

	/**
	 * Return streams by name.
	 * @param page which of them
	 * @return the streams
	 */
	Page<StreamStatus> list(PageRequest page);

	/**
	 * Return one stream.
	 * @param stream its name
	 * @return the stream
	 */
	StreamStatus get(String stream);

	/**
	 * Return several streams, for which each server is asked once. One that Redis refuses
	 * to tell of has a {@linkplain StreamStatus#problem problem}.
	 * @param streams their names
	 * @return the streams in the same order
	 */
	List<StreamStatus> getAll(List<String> streams);

	/**
	 * Return the groups of a stream by name, those of other applications too.
	 * @param stream name of the stream
	 * @param page which of them
	 * @return the groups
	 */
	Page<GroupStatus> groups(String stream, PageRequest page);

	/**
	 * Return the consumers of a group by name.
	 * @param stream name of the stream
	 * @param group name of the group
	 * @param page which of them
	 * @return the consumers
	 */
	Page<ConsumerStatus> consumers(String stream, String group, PageRequest page);

	/**
	 * Return pending entries in the order of their ids.
	 * @param stream name of the stream
	 * @param group name of the group
	 * @param consumer name of the consumer, {@code null} for all
	 * @param page which of them
	 * @return the entries
	 */
	Page<PendingStatus> pending(String stream, String group, @Nullable String consumer, PageRequest page);

	/**
	 * Return messages of a stream. A page may be short though there are more, where
	 * entries are large.
	 * @param stream name of the stream
	 * @param range which of them
	 * @param order the oldest or the newest first
	 * @param payloads whether to tell what is in them
	 * @param page which of them
	 * @return the messages
	 */
	Page<MessageStatus> messages(String stream, IdRange range, Order order, Payloads payloads, PageRequest page);

	/**
	 * Attempt a message now that waits for its next attempt. It must wait in this
	 * application: another one would take it from where it is handled.
	 * @param stream name of the stream
	 * @param group name of the group
	 * @param id id of the message
	 * @throws OperationException if it does not wait here
	 */
	void retryNow(String stream, String group, String id);

	/**
	 * Delete a consumer that has nothing pending and has not asked for anything for a
	 * minute.
	 * @param stream name of the stream
	 * @param group name of the group
	 * @param consumer name of the consumer
	 * @throws OperationException if it is not idle, or something is pending for it
	 */
	void deleteConsumer(String stream, String group, String consumer);

}
