package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.pubsub.redis.internal.ReadableDuration;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.internal.redis.GroupClient;
import dev.pubsub.redis.internal.redis.GroupCommands.ConsumerState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells once of each other consumer that is gone when its messages are taken over. A
 * message may also come from a consumer that is well: it waited for its next attempt
 * there. Only for the thread of the {@link ClaimScheduler}.
 */
final class GoneConsumers {

	private static final Logger logger = LoggerFactory.getLogger(GoneConsumers.class);

	private static final int MOST = 1000;

	private final Duration lease;

	private final GroupClient client;

	private final Map<String, Long> asked = new LinkedHashMap<>();

	private final Set<String> told = ConcurrentHashMap.newKeySet();

	GoneConsumers(Duration lease, GroupClient client) {
		this.lease = lease;
		this.client = client;
	}

	/**
	 * A message was taken over. Whether its consumer is gone is asked for at most once
	 * per lease.
	 * @param owner the consumer that had it
	 */
	void tookFrom(String owner) {
		long now = System.nanoTime();
		Long before = this.asked.get(owner);
		if (before != null && now - before < this.lease.toNanos()) {
			return;
		}
		if (this.asked.size() >= MOST) {
			this.asked.remove(this.asked.keySet().iterator().next());
		}
		this.asked.put(owner, now);
		this.client.consumer(owner).whenComplete((state, failure) -> {
			if (failure != null) {
				logger.debug("Cannot look at consumer {} of {}", owner, this.client.group(), failure);
			}
			else if (state.isPresent()) {
				tell(owner, state.get());
			}
		});
	}

	private void tell(String owner, ConsumerState state) {
		boolean gone = state.idle().compareTo(this.lease) > 0;
		if (gone && this.told.size() < MOST && this.told.add(owner)) {
			logger.info("Consumer {} of {} is gone for {}: its messages are taken over, {} are left",
					SafeText.of(owner), this.client.group(), ReadableDuration.of(state.idle()), state.pending());
		}
	}

}
