package dev.pubsub.redis.operations;

import java.util.List;
import java.util.Optional;

import dev.pubsub.redis.admin.IdRange;

/**
 * Looks at and acts on dead letters. A redriven one is added to its stream and deleted in
 * one step, so that it is in one of the two whatever happens, as
 * {@link dev.pubsub.redis.admin.StreamAdmin#redrive} says. Thread-safe.
 *
 * @since 0.1.0
 * @see PubSubOperations
 */
public interface DeadLetterOperations {

	/**
	 * Return dead letters of a stream. A page may be short though there are more, where
	 * they are large.
	 * @param stream name of the stream
	 * @param range which of them, by their ids in the dead-letter stream
	 * @param order the oldest or the newest first
	 * @param payloads whether to tell what is in them
	 * @param page which of them
	 * @return the dead letters
	 */
	Page<DeadLetterStatus> list(String stream, IdRange range, Order order, Payloads payloads, PageRequest page);

	/**
	 * Redrive one dead letter.
	 * @param stream name of the stream
	 * @param id id of the dead letter
	 * @return id of the new message
	 */
	String redrive(String stream, String id);

	/**
	 * Begin to redrive dead letters in the background, the oldest first, as many per
	 * second as {@code pubsub.redis.operations.redrive-rate} allows. Those that are added
	 * meanwhile are left.
	 * @param stream name of the stream
	 * @param range which of them, by their ids in the dead-letter stream
	 * @return the run, to be asked for with {@link #run}
	 * @throws OperationException if one of the stream is under way here
	 */
	DeadLetterRun redrive(String stream, IdRange range);

	/**
	 * Delete dead letters for good.
	 * @param stream name of the stream
	 * @param ids ids of the dead letters, at most {@value PageRequest#MOST}
	 * @return how many there were
	 */
	long discard(String stream, List<String> ids);

	/**
	 * Begin to delete dead letters for good, in the background.
	 * @param stream name of the stream
	 * @param range which of them, by their ids in the dead-letter stream
	 * @return the run, to be asked for with {@link #run}
	 * @throws OperationException if one of the stream is under way here
	 */
	DeadLetterRun discard(String stream, IdRange range);

	/**
	 * Return the last run over dead letters of a stream in this application.
	 * @param stream name of the stream
	 * @return the run, nothing when there was none
	 */
	Optional<DeadLetterRun> run(String stream);

	/**
	 * End the run over dead letters of a stream. What is done stays done.
	 * @param stream name of the stream
	 * @return the run
	 * @throws OperationException if none is under way
	 */
	DeadLetterRun cancel(String stream);

}
