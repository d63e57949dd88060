package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages to a bounded number of {@link Workers}. Redelivered messages go first,
 * and are taken on only where a worker can start them, as {@link Room} tells.
 * Thread-safe, lock-free.
 */
final class MessageDispatcher {

	private final Slots slots;

	private final SharedWorkers.@Nullable Share share;

	private final Consumer<List<InFlightMessage>> onBrokenOff;

	private final StartOrder order;

	private final WaitingMessages waiting;

	private final Room room;

	private final Workers workers;

	/**
	 * Create a dispatcher.
	 * @param settings gives the number of workers and the sizes
	 * @param budget how much may be read
	 * @param threads threads to work on
	 * @param shared what it shares with other dispatchers, if there are others
	 * @param runner handles messages, one unless the subscription wants batches
	 * @param flush sends off what handled messages leave
	 * @param onRoomForRedelivered is told that a worker left for what is redelivered
	 * @param onBrokenOff is given what could not be submitted
	 * @param order says which messages may start
	 */
	MessageDispatcher(DeliverySettings settings, ReadBudget budget, BackgroundThreads threads,
			@Nullable SharedWorkers shared, Consumer<List<InFlightMessage>> runner, Runnable flush,
			Runnable onRoomForRedelivered, Consumer<List<InFlightMessage>> onBrokenOff, StartOrder order) {
		this.order = order;
		this.onBrokenOff = onBrokenOff;
		this.share = (shared != null) ? shared.share() : null;
		this.slots = new Slots(settings.handling().threads(), this.share);
		this.waiting = new WaitingMessages(settings.batchSize());
		HandlerPace pace = new HandlerPace();
		this.room = new Room(settings, budget, this.slots, this.share, this.waiting, pace, order);
		this.workers = new Workers(settings, this.slots, this.share, this.room, this.waiting, pace, threads, runner,
				flush, onRoomForRedelivered);
		if (this.share != null) {
			this.share.join(this.workers::lookForWork);
		}
	}

	/**
	 * Return how many messages there is room for.
	 */
	Room room() {
		return this.room;
	}

	/**
	 * Return the threads that call handlers.
	 */
	Workers workers() {
		return this.workers;
	}

	void submit(List<InFlightMessage> messages) {
		if (messages.isEmpty()) {
			return;
		}
		try {
			this.waiting.add(this.order.arrived(messages));
		}
		catch (Throwable ex) {
			this.onBrokenOff.accept(missing(messages));
			throw ex;
		}
		this.workers.start();
	}

	/**
	 * Start a message whose turn has come in the order.
	 */
	void startNext(InFlightMessage message) {
		try {
			this.waiting.add(List.of(message));
		}
		catch (Throwable ex) {
			this.onBrokenOff.accept(missing(List.of(message)));
			throw ex;
		}
		this.workers.start();
	}

	/**
	 * Submit messages that there was room for.
	 */
	void submitRedelivered(List<InFlightMessage> messages) {
		boolean othersMayGoOn = this.room.endRedeliveryWait();
		List<InFlightMessage> next = this.order.arrived(messages);
		this.slots.addRedelivered(next.size());
		try {
			this.waiting.addRedelivered(next);
		}
		catch (Throwable ex) {
			List<InFlightMessage> missing = missing(next);
			this.slots.addRedelivered(-missing.size());
			this.onBrokenOff.accept(missing);
			throw ex;
		}
		finally {
			this.workers.start();
			tellOthers(othersMayGoOn);
		}
	}

	/**
	 * Return which messages no worker can find, since their submission broke off.
	 */
	private List<InFlightMessage> missing(List<InFlightMessage> submitted) {
		return submitted.stream()
			.filter((message) -> message.stage() == Stage.QUEUED && !this.waiting.contains(message))
			.toList();
	}

	/**
	 * No redelivered messages wait for room any more.
	 */
	void redeliveryDone() {
		boolean othersMayGoOn = this.room.endRedeliveryWait();
		this.workers.startForWaiting();
		this.room.wakeReader();
		tellOthers(othersMayGoOn);
	}

	private void tellOthers(boolean theyMayGoOn) {
		if (theyMayGoOn && this.share != null) {
			this.share.tellOthers();
		}
	}

	boolean isIdle() {
		return this.slots.threads() == 0 && this.waiting.size() == 0;
	}

	int activeWorkers() {
		return this.slots.threads();
	}

	/**
	 * Start nothing any more.
	 * @return what was waiting for a worker
	 */
	List<InFlightMessage> close() {
		this.workers.close();
		this.room.close();
		if (this.share != null) {
			this.share.leave();
			this.share.tellOthers();
		}
		List<InFlightMessage> unstarted = new ArrayList<>(this.waiting.drain());
		unstarted.addAll(this.order.drain());
		return unstarted;
	}

}
