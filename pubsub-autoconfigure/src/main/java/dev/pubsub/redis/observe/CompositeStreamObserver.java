package dev.pubsub.redis.observe;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.pubsub.redis.internal.FailureText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells several observers; one that fails does not keep the others from being told.
 */
final class CompositeStreamObserver implements StreamObserver {

	private static final Logger logger = LoggerFactory.getLogger(CompositeStreamObserver.class);

	private static final int MOST_TOLD = 100;

	private final StreamObserver[] observers;

	private final Set<String> told = ConcurrentHashMap.newKeySet();

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

	private boolean observes(StreamObserver observer, MessageEvent.Kind kind, @Nullable Outcome outcome) {
		try {
			return observer.observes(kind, outcome);
		}
		catch (Throwable ex) {
			failed(observer, (outcome != null) ? outcome : kind, ex);
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
				failed(observer, event, ex);
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
				failed(observer, loss, ex);
			}
		}
	}

	@Override
	public void onGroupLoss(GroupLoss loss) {
		for (StreamObserver observer : this.observers) {
			try {
				observer.onGroupLoss(loss);
			}
			catch (Throwable ex) {
				failed(observer, loss, ex);
			}
		}
	}

	@Override
	public void onOwnershipChange(OwnershipChange change) {
		for (StreamObserver observer : this.observers) {
			try {
				observer.onOwnershipChange(change);
			}
			catch (Throwable ex) {
				failed(observer, change, ex);
			}
		}
	}

	/**
	 * What fails on one message mostly fails on each: the stack trace is told once per
	 * kind of failure, the rest at DEBUG.
	 */
	private void failed(StreamObserver observer, Object what, Throwable failure) {
		String name = observer.getClass().getName();
		boolean first = this.told.size() < MOST_TOLD && this.told.add(name + ' ' + failure.getClass().getName());
		if (first) {
			logger.warn("Observer {} failed on {}; more of the kind are logged at DEBUG", name, what,
					FailureText.loggable(failure));
		}
		else if (logger.isDebugEnabled()) {
			logger.debug("Observer {} failed on {}: {}", name, what, FailureText.of(failure));
		}
	}

}
