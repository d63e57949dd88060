package dev.pubsub.sample;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.observe.StreamObserver;
import dev.pubsub.sample.OrderStatus.Status;

import org.springframework.stereotype.Component;

/**
 * Keeps track of the latest orders, by watching what happens to their messages. Guarded
 * by {@code lock}. It lives in memory: an instance knows the orders that it has published
 * or handled itself.
 */
@Component
class OrderStatuses implements StreamObserver {

	private static final int CAPACITY = 100_000;

	private final Lock lock = new ReentrantLock();

	private final Map<String, OrderStatus> statuses = new LinkedHashMap<>() {

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, OrderStatus> eldest) {
			return size() > CAPACITY;
		}

	};

	Optional<OrderStatus> find(String id) {
		this.lock.lock();
		try {
			return Optional.ofNullable(this.statuses.get(id));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * An order was published. It may have been handled already.
	 * @param id id of its message
	 */
	void published(String id) {
		this.lock.lock();
		try {
			this.statuses.putIfAbsent(id, new OrderStatus(id, Status.PUBLISHED, 0));
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void onEvent(MessageEvent event) {
		if (!event.stream().equals(Order.STREAM)) {
			return;
		}
		Outcome outcome = event.outcome();
		if (event.kind() == MessageEvent.Kind.STARTED) {
			update(event, (event.attempt() > 1) ? Status.RETRYING : Status.PUBLISHED);
		}
		else if (outcome == Outcome.FAILED) {
			update(event, Status.RETRYING);
		}
		else if (outcome == Outcome.HANDLED) {
			update(event, Status.HANDLED);
		}
		else if (outcome == Outcome.DEAD_LETTERED) {
			update(event, Status.DEAD_LETTERED);
		}
		// Anything else does not change what the customer gets to see.
	}

	private void update(MessageEvent event, Status status) {
		String id = event.id().getValue();
		this.lock.lock();
		try {
			this.statuses.put(id, new OrderStatus(id, status, event.attempt()));
		}
		finally {
			this.lock.unlock();
		}
	}

}
