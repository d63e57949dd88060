package dev.pubsub.redis.listener;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.pubsub.redis.Outage;
import dev.pubsub.redis.internal.redis.ConnectionSource;
import dev.pubsub.redis.internal.redis.StreamNames;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Reads the stream of one subscription and has its messages handled, from
 * {@link #start()} to {@link #stop()}. Thread-safe.
 *
 * @since 0.1.0
 */
public interface StreamListenerContainer extends SmartLifecycle {

	/**
	 * Return a container for use without a registry, with connections and platform
	 * threads of its own from each start to the next stop.
	 * @param connectionFactory gives the address, credentials and TLS settings of the
	 * server
	 * @param subscription what to do
	 * @return the container, not running
	 */
	static StreamListenerContainer create(LettuceConnectionFactory connectionFactory, Subscription subscription) {
		SubscriptionKeys.require(subscription, StreamNames.of(connectionFactory), subscription.id());
		return new StandaloneStreamListenerContainer(ConnectionSource.of(connectionFactory), subscription);
	}

	/**
	 * Return the name of the container in the registry.
	 * @return the id of its subscription
	 */
	String getId();

	/**
	 * Return what it does.
	 * @return the subscription, with its partitions once Redis has told them
	 */
	Subscription getSubscription();

	/**
	 * Return its state.
	 * @return the state
	 */
	ContainerState getState();

	/**
	 * Return when Redis last answered a read of each of its reader loops, or was
	 * connected while a loop had no need to read because all its handlers were busy.
	 * @return the oldest of these times, or {@code null} before the first
	 */
	@Nullable Instant getLastPoll();

	/**
	 * Return what fails at the moment: each is logged, and tried again until it works.
	 * @return the outages, none while all is well or the container is stopped
	 */
	default List<Outage> getOutages() {
		return List.of();
	}

	/**
	 * Return since when it is in its state.
	 * @return the time, {@code null} if it never started
	 */
	default @Nullable Instant getStateSince() {
		return null;
	}

	/**
	 * Return what its handlers and messages do at this moment, in this process. Goes
	 * through the messages in flight, so it is nothing for a hot path.
	 * @return the activity
	 */
	default ContainerActivity getActivity() {
		return ContainerActivity.NONE;
	}

	/**
	 * Return who owns the stream itself, where the subscription is ordered.
	 * @return the owner as Redis said last, empty before it did, and for a subscription
	 * that is not ordered
	 */
	default Optional<ContainerOwnership> getOwnership() {
		return Optional.ofNullable(getOwnerships().get(getSubscription().stream()));
	}

	/**
	 * Return who owns the stream and its partitions, where the subscription is ordered.
	 * @return the owners as Redis said last, by the names of the stream and of those
	 * partitions that have an owner; none for a subscription that is not ordered
	 */
	default Map<String, ContainerOwnership> getOwnerships() {
		return Map.of();
	}

	/**
	 * Attempt a message soon that waits here for its next attempt. Does not wait for
	 * Redis.
	 * @param id id of the message, in the stream itself
	 * @return whether it waits here
	 * @see #retryNow(String, RecordId)
	 */
	default boolean retryNow(RecordId id) {
		return retryNow(getSubscription().stream(), id);
	}

	/**
	 * Attempt a message soon that waits here for its next attempt. Does not wait for
	 * Redis. Partitions of a stream may have messages with the same id.
	 * @param stream key of the stream, or of one of its partitions
	 * @param id id of the message
	 * @return whether it waits here
	 */
	default boolean retryNow(String stream, RecordId id) {
		return false;
	}

	/**
	 * Stop reading, let handlers finish for as long as
	 * {@link ContainerOptions#withShutdownTimeout} says, and hand back what did not
	 * start. Returns when it is stopped, also if another thread stops it already. Only
	 * for a handler of this container it returns at once: the container stops when the
	 * handler has returned and its message is settled.
	 */
	@Override
	void stop();

	/**
	 * Stop reading until {@link #resume()}. A read that waits for entries goes on: until
	 * the blocking time is over it may bring some, which are handled. Handlers that run
	 * go on, and so do their leases. Ignored unless it is running.
	 */
	void pause();

	/**
	 * Read again. Ignored unless it is paused.
	 */
	void resume();

}
