package dev.pubsub.redis.observe;

import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells several observers; one that fails does not keep the others from being told.
 */
final class CompositeStreamObserver implements StreamObserver {

	private static final Logger logger = LoggerFactory.getLogger(CompositeStreamObserver.class);

	private final StreamObserver[] observers;

	CompositeStreamObserver(List<StreamObserver> observers) {
		this.observers = observers.toArray(new StreamObserver[0]);
	}

	@Override
	public boolean observes(Outcome outcome) {
		for (StreamObserver observer : this.observers) {
			if (observes(observer, outcome)) {
				return true;
			}
		}
		return false;
	}

	private static boolean observes(StreamObserver observer, Outcome outcome) {
		try {
			return observer.observes(outcome);
		}
		catch (Throwable ex) {
			logger.warn("Observer {} failed when asked for {}", observer.getClass().getName(), outcome, ex);
			return false;
		}
	}

	@Override
	public void onEvent(MessageEvent event) {
		for (StreamObserver observer : this.observers) {
			if (!observes(observer, event.outcome())) {
				continue;
			}
			try {
				observer.onEvent(event);
			}
			catch (Throwable ex) {
				logger.warn("Observer {} failed on {} of {} in {}", observer.getClass().getName(), event.outcome(),
						event.id(), event.stream(), ex);
			}
		}
	}

}
