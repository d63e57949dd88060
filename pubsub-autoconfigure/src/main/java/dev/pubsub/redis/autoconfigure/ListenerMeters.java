package dev.pubsub.redis.autoconfigure;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.pubsub.redis.cron.CronScheduler;
import dev.pubsub.redis.listener.StreamListenerContainer;
import dev.pubsub.redis.listener.StreamListenerContainerRegistry;
import dev.pubsub.redis.listener.Subscription;
import dev.pubsub.redis.metrics.ContainerMeters;
import dev.pubsub.redis.metrics.CronMeters;

/**
 * Shows meters of the containers and cron jobs that there are at the moment.
 */
final class ListenerMeters {

	private final StreamListenerContainerRegistry containers;

	private final CronScheduler scheduler;

	private final Consumer<Subscription> subscriptionMeters;

	private final ContainerMeters containerMeters;

	private final CronMeters cronMeters;

	private final Set<String> shown = ConcurrentHashMap.newKeySet();

	/**
	 * Create meters of nothing.
	 * @param subscriptionMeters shows meters of a subscription
	 */
	ListenerMeters(StreamListenerContainerRegistry containers, CronScheduler scheduler,
			Consumer<Subscription> subscriptionMeters, ContainerMeters containerMeters, CronMeters cronMeters) {
		this.containers = containers;
		this.scheduler = scheduler;
		this.subscriptionMeters = subscriptionMeters;
		this.containerMeters = containerMeters;
		this.cronMeters = cronMeters;
	}

	void show() {
		this.containers.getContainers()
			.stream()
			.map(StreamListenerContainer::getSubscription)
			.filter((subscription) -> this.shown.add(subscription.id()))
			.forEach(this.subscriptionMeters);
		this.containerMeters.show(this.containers.getContainers());
		this.cronMeters.show(this.scheduler.getJobs(), this.scheduler);
	}

	void hide() {
		this.containerMeters.show(List.of());
		this.cronMeters.show(List.of(), this.scheduler);
	}

}
