package dev.pubsub.redis.operations;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.pubsub.redis.listener.ContainerState;
import org.jspecify.annotations.Nullable;

/**
 * A subscription of this application.
 *
 * @param id its id
 * @param stream the stream that it reads
 * @param group its consumer group
 * @param deadLetterStream where its dead letters go, {@code null} if it has none
 * @param state its state
 * @param since since when it is in that state, {@code null} if it never started
 * @param healthy whether all is well: a subscription that is stopped or paused is
 * @param reason why not, {@code null} while it is
 * @param reasonSince since when not, {@code null} where that is unknown
 * @param lastRead when Redis last answered a read of each of its reader loops, or was
 * connected while they had no need to read; {@code null} before the first
 * @param threads its handler threads
 * @param inFlight messages that this application answers for
 * @param backlog what waits in Redis, {@code null} while that does not answer
 * @param owner who owns the stream itself, {@code null} where the subscription is not
 * ordered, and before Redis said so
 * @param partitionOwners who owns its partitions, by their names; none where the
 * subscription is not ordered
 * @param outages what fails at the moment
 * @since 0.1.0
 */
public record SubscriptionStatus(String id, String stream, String group, @Nullable String deadLetterStream,
		ContainerState state, @Nullable Instant since, boolean healthy, @Nullable String reason,
		@Nullable Instant reasonSince, @Nullable Instant lastRead, Threads threads, InFlight inFlight,
		@Nullable BacklogStatus backlog, @Nullable Owner owner, Map<String, Owner> partitionOwners,
		List<OutageStatus> outages) {

	public SubscriptionStatus {
		partitionOwners = Collections.unmodifiableMap(new LinkedHashMap<>(partitionOwners));
		outages = List.copyOf(outages);
	}

	/**
	 * Handler threads of a subscription in this application.
	 *
	 * @param total how many handlers may run at a time
	 * @param busy how many run
	 * @param stuck how many of those ignore the interrupt at their deadline
	 */
	public record Threads(int total, int busy, int stuck) {

	}

	/**
	 * Owner of the stream of an ordered subscription, or of a partition.
	 *
	 * @param name name of the consumer
	 * @param token its token, greater than that of each owner before
	 * @param here whether it is a consumer of this application
	 * @param standby how many other instances wait
	 */
	public record Owner(String name, long token, boolean here, int standby) {

	}

	/**
	 * Messages that this application answers for, by their stage.
	 *
	 * @param queued wait for a thread
	 * @param running are with their handler
	 * @param waiting wait for their next attempt
	 * @param settling left their handler, and Redis is not told yet
	 */
	public record InFlight(int queued, int running, int waiting, int settling) {

	}

}
