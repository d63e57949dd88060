package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.RedisLink;
import dev.pubsub.redis.internal.redis.ResendPace;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait to be sent, in order, for the streams that are on the same server,
 * whichever that is: those of one slot, or all where there is one server. One lane at a
 * time sends them. Those that came back, since a server has not executed them, are first,
 * and hold up the others until a server takes them. Thread-safe: {@code lock} guards what
 * is taken.
 */
final class StreamLine {

	private static final Deadline NONE = Deadline.now();

	private final RedisLink link;

	private final String stream;

	private final Queue<LaneMessage> fresh = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean listed = new AtomicBoolean();

	private final ReentrantLock lock = new ReentrantLock();

	private final Queue<LaneMessage> returned = new PriorityQueue<>(Comparator.comparingLong(LaneMessage::number));

	private Deadline pause = NONE;

	private @Nullable AsyncLane sender;

	private int writes;

	private volatile int setbacks;

	private long numbers;

	/**
	 * Create an empty line.
	 * @param link follows the streams from server to server
	 * @param stream one of them
	 */
	StreamLine(RedisLink link, String stream) {
		this.link = link;
		this.stream = stream;
	}

	RedisLink link() {
		return this.link;
	}

	/**
	 * Return the link to the server of the streams now.
	 */
	RedisLink server() {
		return this.link.linkTo(this.stream);
	}

	void add(LaneMessage message) {
		this.fresh.add(message);
	}

	/**
	 * Return whether a lane has to be told of this line: it is on the list of none.
	 */
	boolean enlist() {
		return !this.listed.get() && this.listed.compareAndSet(false, true);
	}

	/**
	 * Return whether a lane has to be told of this line, since something can be sent.
	 */
	boolean enlistIfReady() {
		return isReady(null) && enlist();
	}

	/**
	 * Take note that it is not on the list of a lane any more.
	 * @return whether it has to be put there again
	 */
	boolean delist(AsyncLane lane) {
		this.listed.set(false);
		return isReady(lane) && enlist();
	}

	private boolean isReady(@Nullable AsyncLane lane) {
		if (this.fresh.isEmpty() && this.setbacks == 0) {
			return false;
		}
		this.lock.lock();
		try {
			return peek() != null && this.pause.isOver() && !isHeldBack(lane);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return whether what is sent now might overtake what is under way: to another
	 * server, or to one that may refuse it.
	 */
	private boolean isHeldBack(@Nullable AsyncLane lane) {
		return this.writes > 0 && (this.setbacks > 0 || (lane != null && lane != this.sender));
	}

	/**
	 * Return where to send the next message, {@code null} for the server of the streams.
	 */
	@Nullable RedisLink asked() {
		if (this.setbacks == 0) {
			return null;
		}
		this.lock.lock();
		try {
			LaneMessage next = peek();
			return (next != null) ? next.asked() : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Take what comes next, for one write, whose answer the lane must tell.
	 * @param lane what will send it
	 * @param into gets the messages
	 * @param most size of {@code into} at most
	 * @param which what can be sent now
	 * @return a message that cannot be sent now, and holds up those behind it
	 */
	@Nullable LaneMessage take(AsyncLane lane, List<LaneMessage> into, int most, Predicate<LaneMessage> which) {
		this.lock.lock();
		try {
			if (isHeldBack(lane) || !this.pause.isOver()) {
				return null;
			}
			int before = into.size();
			LaneMessage next = peek();
			while (next != null && into.size() < most && which.test(next)) {
				remove(next);
				this.numbers += next.setNumber(this.numbers) ? 1 : 0;
				into.add(next);
				next = peek();
			}
			if (into.size() > before) {
				this.sender = lane;
				this.writes++;
			}
			return (into.size() < most) ? next : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Take messages whose time is over.
	 */
	List<LaneMessage> takeLate() {
		if (this.fresh.isEmpty() && this.setbacks == 0) {
			return List.of();
		}
		this.lock.lock();
		try {
			List<LaneMessage> late = new ArrayList<>();
			LaneMessage next = peek();
			while (next != null && next.deadline().isOver()) {
				remove(next);
				late.add(next);
				next = peek();
			}
			return late;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return until when the next message may wait, {@code null} if none does.
	 */
	@Nullable Deadline nextDeadline() {
		this.lock.lock();
		try {
			LaneMessage next = peek();
			return (next != null) ? next.deadline() : null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A write was answered.
	 * @param back those of its messages, in order, that no server has executed and that
	 * are to be sent again
	 * @param atOnce whether another server can be asked at once
	 * @return how long to wait before this line is sent again
	 */
	@SuppressWarnings("NonAtomicVolatileUpdate") // the lock guards changes
	Duration answered(List<LaneMessage> back, boolean atOnce) {
		this.lock.lock();
		try {
			this.writes--;
			if (this.writes == 0) {
				// An idle line must not keep a server that is left meanwhile.
				this.sender = null;
			}
			if (back.isEmpty()) {
				// What has come back may wait for another server.
				this.setbacks = this.returned.isEmpty() ? 0 : this.setbacks;
				this.pause = NONE;
				return Duration.ZERO;
			}
			this.returned.addAll(back);
			Duration wait = atOnce ? Duration.ZERO : pauseBefore(back.get(0));
			this.setbacks++;
			this.pause = wait.isZero() ? NONE : Deadline.after(wait);
			return wait;
		}
		finally {
			this.lock.unlock();
		}
	}

	private Duration pauseBefore(LaneMessage first) {
		Throwable setback = first.setback();
		if (ResendPace.allowsHop(this.setbacks) && setback != null && RedisFault.isRedirection(setback)) {
			return Duration.ZERO;
		}
		Duration length = ResendPace.pauseAfter(this.setbacks);
		Duration left = first.deadline().left();
		return (left.compareTo(length) < 0) ? left : length;
	}

	private @Nullable LaneMessage peek() {
		LaneMessage first = this.returned.peek();
		return (first != null) ? first : this.fresh.peek();
	}

	private void remove(LaneMessage next) {
		Queue<LaneMessage> from = (this.returned.peek() == next) ? this.returned : this.fresh;
		from.remove();
	}

}
