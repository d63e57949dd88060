package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes to one server without waiting for replies. A message goes out at once while
 * few writes are without a reply; beyond that, messages gather in their lines and go out
 * together with the next reply, so that batches grow with the load and nothing waits on a
 * timer. A line whose streams another server serves is passed on to the lane of that one.
 * Thread-safe: {@code drains} lets one thread at a time send.
 */
final class AsyncLane {

	private static final Logger logger = LoggerFactory.getLogger(AsyncLane.class);

	private static final int WRITES_IN_FLIGHT = 2;

	private static final int LARGEST_WRITE = 512;

	private static final CompletableFuture<Void> CONNECTED = CompletableFuture.completedFuture(null);

	private final AsyncPublisher publisher;

	private final RedisLink link;

	private final FeatureDetection detection;

	private final Duration timeout;

	private final LanePermits permits;

	private final Queue<StreamLine> lines = new ConcurrentLinkedQueue<>();

	private final Set<LaneWrite> open = ConcurrentHashMap.newKeySet();

	private final AtomicInteger drains = new AtomicInteger();

	private final AtomicInteger writesInFlight = new AtomicInteger();

	private volatile @Nullable CompletableFuture<Void> firstConnection;

	AsyncLane(AsyncPublisher publisher, RedisLink link, FeatureDetection detection, LanePermits permits,
			Duration timeout) {
		this.publisher = publisher;
		this.link = link;
		this.detection = detection;
		this.permits = permits;
		this.timeout = timeout;
	}

	/**
	 * Return the link to the server.
	 */
	RedisLink link() {
		return this.link;
	}

	LanePermits permits() {
		return this.permits;
	}

	/**
	 * Return whether it sends nothing, and will not.
	 */
	boolean isOver() {
		return this.link.isClosed() && this.permits.isIdle() && this.lines.isEmpty();
	}

	/**
	 * Send a line when it can be. Never waits.
	 */
	void enlist(StreamLine line) {
		this.lines.add(line);
		drain();
	}

	private void drain() {
		if (this.drains.getAndIncrement() != 0) {
			return;
		}
		int seen = 1;
		do {
			sendUnlessBroken();
			seen = this.drains.addAndGet(-seen);
		}
		while (seen != 0);
	}

	/**
	 * Without memory or threads anything may break off: the next message or reply tries
	 * again.
	 */
	private void sendUnlessBroken() {
		try {
			if (this.link.isClosed()) {
				passOn();
			}
			if (mayGo()) {
				sendWhatMayGo();
			}
		}
		catch (Throwable ex) {
			logger.error("Sending to Redis broke off", ex);
		}
	}

	private boolean mayGo() {
		if (!this.link.isConnected()) {
			return firstConnection().isDone();
		}
		if (this.firstConnection == null) {
			this.firstConnection = CONNECTED;
		}
		return true;
	}

	/**
	 * Let the servers have what waits that serve the streams now, unless there is none:
	 * then it waits here.
	 */
	private void passOn() {
		for (int left = this.lines.size(); left > 0; left--) {
			StreamLine line = this.lines.poll();
			if (line != null && isRight(line)) {
				this.lines.add(line);
			}
		}
	}

	/**
	 * Return whether this is the lane for a line. If not, the right one has it then.
	 */
	private boolean isRight(StreamLine line) {
		AsyncLane right = this.publisher.laneFor(line);
		if (right != this) {
			right.enlist(line);
		}
		return right == this;
	}

	private void sendWhatMayGo() {
		while (this.writesInFlight.get() < WRITES_IN_FLIGHT && !this.lines.isEmpty()) {
			List<LaneMessage> batch = takeBatch();
			if (!batch.isEmpty()) {
				this.writesInFlight.incrementAndGet();
				send(batch, this.link, this.writesInFlight::decrementAndGet);
			}
		}
	}

	private List<LaneMessage> takeBatch() {
		List<LaneMessage> batch = new ArrayList<>();
		List<StreamLine> taken = new ArrayList<>(1);
		try {
			StreamLine line = this.lines.poll();
			while (line != null) {
				if (take(line, batch)) {
					taken.add(line);
				}
				line = (batch.size() < LARGEST_WRITE) ? this.lines.poll() : null;
			}
		}
		finally {
			// Not before: a line must not be in a write twice.
			taken.stream().filter((line) -> line.delist(this)).forEach(this.lines::add);
		}
		return batch;
	}

	/**
	 * Take what a line has for this write.
	 * @return not when another lane has the line now, or it has to wait for the server to
	 * be known, and comes back
	 */
	private boolean take(StreamLine line, List<LaneMessage> batch) {
		try {
			return isRight(line) && takeRight(line, batch);
		}
		catch (Throwable ex) {
			this.lines.add(line);
			throw ex;
		}
	}

	/**
	 * Take what a line of this lane has. Messages for which the server has named another
	 * one for once go there in a write of their own, which holds up that line only.
	 */
	private boolean takeRight(StreamLine line, List<LaneMessage> batch) {
		RedisLink asked = line.asked();
		RedisLink server = (asked != null) ? asked : this.link;
		List<LaneMessage> into = (asked != null) ? new ArrayList<>() : batch;
		LaneMessage waiting = line.take(this, into, LARGEST_WRITE,
				(next) -> Objects.equals(asked, next.asked()) && next.featuresOf(server, this.detection).isDone());
		if (asked != null && !into.isEmpty()) {
			send(into, server, () -> {
			});
		}
		if (waiting == null || !Objects.equals(asked, waiting.asked())) {
			return true;
		}
		waiting.features().whenComplete((found, failure) -> enlist(line));
		return false;
	}

	private void send(List<LaneMessage> batch, RedisLink server, Runnable onAnswer) {
		LaneWrite write = new LaneWrite(batch, server);
		this.open.add(write);
		write.send(this.publisher::lateReason, () -> {
			this.open.remove(write);
			write.giveBack(this::isForLater, this.link.isClosed(), this::goOn);
			onAnswer.run();
			drain();
			write.settle(this.detection);
		});
	}

	private boolean isForLater(LaneMessage message, Throwable failure) {
		if (this.publisher.isClosed()) {
			return false;
		}
		boolean notSent = RedisFault.of(failure) == RedisFault.NOT_SENT;
		return RedisFault.isForLater(failure) || (notSent && (this.link.isClosed() || message.setback() != null));
	}

	private void goOn(StreamLine line, Duration pause) {
		if (pause.isZero()) {
			this.publisher.lookAt(line);
		}
		else {
			this.publisher.after(pause, () -> this.publisher.lookAt(line));
		}
	}

	/**
	 * End what has been sent too long ago.
	 * @return when to look again, {@code null} if nothing is under way
	 */
	@Nullable Deadline settleOverdue(Duration grace, Throwable reason) {
		Deadline next = null;
		for (LaneWrite write : this.open) {
			next = Deadline.earlier(next, write.settleOverdue(grace, reason));
		}
		return next;
	}

	/**
	 * Return the first attempt to connect, for which messages wait. Later, when Redis is
	 * away, they do not.
	 */
	private CompletableFuture<Void> firstConnection() {
		CompletableFuture<Void> first = this.firstConnection;
		if (first == null) {
			first = this.link.whenConnected()
				.orTimeout(this.timeout.toNanos(), TimeUnit.NANOSECONDS)
				.exceptionally((failure) -> null);
			this.firstConnection = first;
			first.whenComplete((ready, failure) -> drain());
		}
		return first;
	}

}
