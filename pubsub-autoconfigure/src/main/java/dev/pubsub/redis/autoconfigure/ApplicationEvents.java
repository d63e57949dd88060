package dev.pubsub.redis.autoconfigure;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.pubsub.redis.internal.FailureText;
import dev.pubsub.redis.internal.concurrent.SerialTasks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes to the application what happens in its containers and cron jobs: those of one
 * source in order, on a background thread that listeners may block. When the application
 * stops, what waits is published before its beans are destroyed. Thread-safe.
 */
final class ApplicationEvents implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(ApplicationEvents.class);

	private static final int MOST_WAITING = 1000;

	private static final long LAST_EVENTS_SECONDS = 5;

	private final ApplicationEventPublisher publisher;

	private final Executor tasks;

	private final Map<String, Channel> channels = new ConcurrentHashMap<>();

	private volatile boolean running = true;

	ApplicationEvents(ApplicationEventPublisher publisher, Executor tasks) {
		this.publisher = publisher;
		this.tasks = tasks;
	}

	/**
	 * Publish an event soon. Where listeners are too slow, events beyond a bound are
	 * lost.
	 * @param source the container or the cron job that it is about
	 * @param event the event
	 */
	void publish(String source, Object event) {
		this.channels.computeIfAbsent(source, Channel::new).publish(event);
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		drained().join();
	}

	@Override
	public void stop(Runnable callback) {
		drained().whenComplete((ignored, failure) -> callback.run());
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/**
	 * Just before that of the containers: what they tell at their end is published too.
	 */
	@Override
	public int getPhase() {
		return DEFAULT_PHASE - 1;
	}

	private CompletableFuture<Void> drained() {
		this.running = false;
		return CompletableFuture
			.allOf(this.channels.values()
				.stream()
				.map((channel) -> channel.events.drained())
				.toArray(CompletableFuture<?>[]::new))
			.completeOnTimeout(null, LAST_EVENTS_SECONDS, TimeUnit.SECONDS);
	}

	/**
	 * The events of one source.
	 */
	private final class Channel {

		private final String source;

		private final SerialTasks events = new SerialTasks(ApplicationEvents.this.tasks, MOST_WAITING);

		private final AtomicBoolean losing = new AtomicBoolean();

		Channel(String source) {
			this.source = source;
		}

		void publish(Object event) {
			if (this.events.execute(() -> publishNow(event))) {
				return;
			}
			if (isRunning() && this.losing.compareAndSet(false, true)) {
				logger.warn("Event listeners of {} are too slow: more than {} events wait, others are not published",
						this.source, MOST_WAITING);
			}
		}

		private void publishNow(Object event) {
			try {
				ApplicationEvents.this.publisher.publishEvent(event);
			}
			catch (Throwable ex) {
				if (isRunning()) {
					logger.warn("A listener of {} failed", event.getClass().getSimpleName(), FailureText.loggable(ex));
				}
				else {
					logger.debug("{} came too late to be published", event, ex);
				}
			}
		}

	}

}
