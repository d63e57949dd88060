package dev.pubsub.redis.autoconfigure;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import dev.pubsub.redis.cron.CronEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes to the application what happens at fire times, on a thread that its listeners
 * may block.
 */
final class CronEvents implements Consumer<CronEvent> {

	private static final Logger logger = LoggerFactory.getLogger(CronEvents.class);

	private final ApplicationEventPublisher publisher;

	private final Executor tasks;

	CronEvents(ApplicationEventPublisher publisher, Executor tasks) {
		this.publisher = publisher;
		this.tasks = tasks;
	}

	@Override
	public void accept(CronEvent event) {
		try {
			this.tasks.execute(() -> publish(event));
		}
		catch (RejectedExecutionException ex) {
			logger.debug("No thread to publish {} with, the application is stopping", event, ex);
		}
	}

	private void publish(CronEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			logger.warn("A listener of {} failed", event, ex);
		}
	}

}
