package dev.pubsub.redis.listener;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.FailureText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of the states of a container, in their order and without its lock: who is told
 * may change the state again. Thread-safe, lock-free.
 */
final class StateChanges {

	private static final Logger logger = LoggerFactory.getLogger(StateChanges.class);

	private final Consumer<ContainerEvent> listener;

	private final Queue<ContainerEvent> untold = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean telling = new AtomicBoolean();

	StateChanges(Consumer<ContainerEvent> listener) {
		this.listener = listener;
	}

	/**
	 * Add a change. Called under the lock that guards the state, which makes the order.
	 */
	void add(ContainerEvent event) {
		this.untold.add(event);
	}

	/**
	 * Tell what was added, unless another thread, or a caller of this one, is telling: it
	 * goes on then.
	 */
	void tell() {
		while (!this.untold.isEmpty() && this.telling.compareAndSet(false, true)) {
			try {
				tell(this.untold.poll());
			}
			finally {
				this.telling.set(false);
			}
		}
	}

	private void tell(@Nullable ContainerEvent event) {
		if (event == null) {
			return;
		}
		try {
			this.listener.accept(event);
		}
		catch (Throwable ex) {
			logger.warn("A listener failed on {}", event, FailureText.loggable(ex));
		}
	}

}
