package dev.pubsub.redis.internal.delivery;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * The handlers of one consumer that run at this moment, whatever became of their
 * messages. Each worker has a place of its own here, which it finds again with its next
 * message. Thread-safe, lock-free.
 */
final class RunningHandlers {

	private final Map<Thread, Place> places = new ConcurrentHashMap<>();

	/**
	 * Add a run, on its own thread.
	 */
	void add(HandlerRun run) {
		Place place = this.places.get(run.thread());
		while (place == null || !place.take(run)) {
			place = new Place();
			this.places.put(run.thread(), place);
		}
	}

	/**
	 * Remove a run, on its own thread.
	 */
	void remove(HandlerRun run) {
		Place place = this.places.get(run.thread());
		if (place != null) {
			place.leave(run);
		}
	}

	boolean isEmpty() {
		return this.places.values().stream().allMatch((place) -> place.run() == null);
	}

	/**
	 * Return whether the thread that asks is one of theirs.
	 */
	boolean isCaller() {
		Place place = this.places.get(Thread.currentThread());
		return place != null && place.run() != null;
	}

	Collection<HandlerRun> all() {
		return this.places.values().stream().map(Place::run).filter(Objects::nonNull).toList();
	}

	/**
	 * Forget the places of workers that have no run. One that comes back gets another.
	 */
	void forgetIdle() {
		this.places.values().removeIf(Place::close);
	}

	/**
	 * The place of one worker.
	 */
	private static final class Place {

		private final AtomicReference<@Nullable Object> run = new AtomicReference<>();

		private boolean take(HandlerRun next) {
			return this.run.compareAndSet(null, next);
		}

		private void leave(HandlerRun ended) {
			if (this.run.get() == ended) {
				this.run.lazySet(null);
			}
		}

		private @Nullable HandlerRun run() {
			return (this.run.get() instanceof HandlerRun present) ? present : null;
		}

		private boolean close() {
			return this.run.compareAndSet(null, this);
		}

	}

}
