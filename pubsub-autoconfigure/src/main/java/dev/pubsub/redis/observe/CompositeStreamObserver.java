package dev.pubsub.redis.observe;

import java.util.List;

import dev.pubsub.redis.internal.FailureText;
import org.jspecify.annotations.Nullable;
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
	public boolean observes(MessageEvent.Kind kind, @Nullable Outcome outcome) {
		for (StreamObserver observer : this.observers) {
			if (observes(observer, kind, outcome)) {
				return true;
			}
		}
		return false;
	}

	private static boolean observes(StreamObserver observer, MessageEvent.Kind kind, @Nullable Outcome outcome) {
		try {
			return observer.observes(kind, outcome);
		}
		catch (Throwable ex) {
			logger.warn("Observer {} failed when asked for {}", observer.getClass().getName(),
					(outcome != null) ? outcome : kind, FailureText.loggable(ex));
			return false;
		}
	}

	@Override
	public void onEvent(MessageEvent event) {
		for (StreamObserver observer : this.observers) {
			if (!observes(observer, event.kind(), event.outcome())) {
				continue;
			}
			try {
				observer.onEvent(event);
			}
			catch (Throwable ex) {
				logger.warn("Observer {} failed on {}", observer.getClass().getName(), event, FailureText.loggable(ex));
			}
		}
	}

	@Override
	public void onUnreadLoss(UnreadLoss loss) {
		for (StreamObserver observer : this.observers) {
			try {
				observer.onUnreadLoss(loss);
			}
			catch (Throwable ex) {
				logger.warn("Observer {} failed on {}", observer.getClass().getName(), loss, FailureText.loggable(ex));
			}
		}
	}

}
