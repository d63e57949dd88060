package dev.pubsub.redis.operations;

import java.time.Duration;
import java.util.List;

import dev.pubsub.redis.SharedConnections;
import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;

/**
 * Operations that take consumers for idle at once: others wait for a minute.
 */
public final class ImpatientOperations {

	private ImpatientOperations() {
	}

	/**
	 * Build operations.
	 * @param streams streams besides those of the containers
	 * @return the operations, which the caller closes
	 */
	public static PubSubOperations create(SharedConnections connections, StreamListenerContainerRegistry containers,
			CronScheduler scheduler, List<String> streams) {
		return PubSubOperations.builder(connections, containers)
			.cronSchedulers(List.of(scheduler))
			.streams(streams)
			.consumerIdle(Duration.ZERO)
			.build();
	}

}
