package dev.pubsub.redis.autoconfigure;

import java.util.function.Consumer;

import dev.pubsub.redis.listener.ContainerEvent;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.observe.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes to the application what its listeners should know: each state of a container,
 * and each message that was given up.
 */
final class ContainerEvents implements Consumer<ContainerEvent>, StreamObserver {

	private static final Logger logger = LoggerFactory.getLogger(ContainerEvents.class);

	private final ApplicationEventPublisher publisher;

	ContainerEvents(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	@Override
	public void accept(ContainerEvent event) {
		publish(event);
	}

	@Override
	public void onEvent(MessageEvent event) {
		if (observes(event.outcome())) {
			publish(event);
		}
	}

	@Override
	public boolean observes(Outcome outcome) {
		return outcome == Outcome.DEAD_LETTERED || outcome == Outcome.DROPPED;
	}

	private void publish(Object event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			logger.warn("A listener of {} failed", event.getClass().getSimpleName(), ex);
		}
	}

}
