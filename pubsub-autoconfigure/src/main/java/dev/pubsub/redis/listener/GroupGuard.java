package dev.pubsub.redis.listener;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.RedisFault;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure that the group exists: at the start, and again when it was lost with its
 * stream, by a flush or a failover.
 */
final class GroupGuard {

	private static final Logger logger = LoggerFactory.getLogger(GroupGuard.class);

	private static final long TIMEOUT_SECONDS = 5;

	private final GroupClient client;

	private final StartFrom startFrom;

	private final GroupProgress progress;

	private final MessageReporter reporter;

	/**
	 * Create a guard.
	 * @param startFrom where a new group starts
	 * @param progress how far the group has come
	 * @param reporter tells of a lost group
	 */
	GroupGuard(GroupClient client, StartFrom startFrom, GroupProgress progress, MessageReporter reporter) {
		this.client = client;
		this.startFrom = startFrom;
		this.progress = progress;
		this.reporter = reporter;
	}

	/**
	 * Create the group unless it exists.
	 */
	void create() throws ExecutionException, InterruptedException, TimeoutException {
		EntryId last = (this.startFrom == StartFrom.LATEST) ? lastId() : null;
		EntryId start = (last != null) ? last : EntryId.ZERO;
		if (createFrom(start.toString())) {
			this.progress.startAfter(start);
		}
	}

	/**
	 * Create the group again. It starts after what is known to be settled; where that is
	 * unknown, or the stream is another one now, at its beginning: rather twice than
	 * never.
	 */
	void recreate() throws ExecutionException, InterruptedException, TimeoutException {
		EntryId settled = this.progress.settledUpTo();
		EntryId from = isBehind(settled, lastId()) ? settled : EntryId.ZERO;
		if (createFrom(from.toString())) {
			logger.warn("Group {} of stream {} was lost, created it again from {}", this.client.group().group(),
					this.client.group().stream(), from);
			this.reporter.reportLostGroup(from);
		}
	}

	private @Nullable EntryId lastId() throws ExecutionException, InterruptedException, TimeoutException {
		return this.client.lastId().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
	}

	private static boolean isBehind(EntryId settled, @Nullable EntryId last) {
		return last != null && settled.compareTo(last) <= 0;
	}

	private boolean createFrom(String id) throws ExecutionException, InterruptedException, TimeoutException {
		try {
			this.client.create(id).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
			return true;
		}
		catch (ExecutionException ex) {
			if (RedisFault.of(ex) != RedisFault.GROUP_EXISTS) {
				throw ex;
			}
			return false;
		}
	}

}
