package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;

/**
 * Publishes without waiting for replies, to each server in a lane of its own: a silent
 * one holds up no other. Messages wait in {@link StreamLine}s, which lanes pass on to
 * each other as streams move. Every message has a result when its time is over.
 * Thread-safe.
 */
final class AsyncPublisher {

	private final RedisLink link;

	private final FeatureDetection detection;

	private final int maxInFlight;

	private final Duration timeout;

	/** A little less than the timeout: whoever waits that long must learn the truth. */
	private final Duration grace;

	private final BackgroundThreads threads;

	private final Map<RedisLink, StreamLine> lines = new ConcurrentHashMap<>();

	private final Map<RedisLink, AsyncLane> lanes = new ConcurrentHashMap<>();

	private final Overdue overdue;

	private volatile @Nullable StreamLine usualLine;

	private volatile @Nullable AsyncLane usualLane;

	AsyncPublisher(RedisLink link, FeatureDetection detection, int maxInFlight, Duration timeout,
			BackgroundThreads threads) {
		this.threads = threads;
		this.link = link;
		this.detection = detection;
		this.maxInFlight = maxInFlight;
		this.timeout = timeout;
		this.grace = timeout.dividedBy(20);
		this.overdue = new Overdue(threads, this::settleOverdue);
	}

	CompletableFuture<PublishResult> publish(OutgoingEntry entry) {
		return publish(entry, null);
	}

	/**
	 * Publish a message.
	 * @param entry the message
	 * @param end when it must have a result, {@code null} for the timeout from now
	 */
	CompletableFuture<PublishResult> publish(OutgoingEntry entry, @Nullable Deadline end) {
		StreamLine line = line(entry.stream());
		AsyncLane lane = laneFor(line);
		Throwable refusal = lane.permits().acquire();
		if (refusal != null) {
			return CompletableFuture.completedFuture(PublishResult.rejected(entry.stream(), refusal));
		}
		Deadline last = (end != null) ? end.plus(this.grace.negated()) : Deadline.after(this.timeout.minus(this.grace));
		LaneMessage message = new LaneMessage(line, entry, lane.permits(), last);
		line.add(message);
		if (line.enlist()) {
			lane.enlist(line);
		}
		this.overdue.watch(last);
		return message.result();
	}

	private StreamLine line(String stream) {
		RedisLink following = this.link.following(stream);
		StreamLine line = this.usualLine;
		if (line != null && line.link().equals(following)) {
			return line;
		}
		line = this.lines.computeIfAbsent(following, (link) -> new StreamLine(link, stream));
		this.usualLine = line;
		return line;
	}

	/**
	 * Return the lane to the server that serves the streams of a line now.
	 */
	AsyncLane laneFor(StreamLine line) {
		RedisLink server = line.server();
		AsyncLane lane = this.usualLane;
		if (lane != null && lane.link().equals(server)) {
			return lane;
		}
		lane = this.lanes.get(server);
		if (lane == null) {
			lane = open(server);
		}
		this.usualLane = lane;
		return lane;
	}

	private AsyncLane open(RedisLink server) {
		AsyncLane lane = new AsyncLane(this, server, this.detection, new LanePermits(this.maxInFlight, this.timeout),
				this.timeout);
		AsyncLane other = this.lanes.putIfAbsent(server, lane);
		if (other != null) {
			return other;
		}
		server.onClose(this::closeLanes);
		return lane;
	}

	/**
	 * Forget the lanes to servers that are left, but for those with messages on their
	 * way.
	 */
	private void closeLanes() {
		this.lanes.values().removeIf(AsyncLane::isOver);
		AsyncLane usual = this.usualLane;
		if (usual != null && usual.isOver()) {
			this.usualLane = null;
		}
	}

	/**
	 * Have a line sent, if something in it can be.
	 */
	void lookAt(StreamLine line) {
		if (line.enlistIfReady()) {
			laneFor(line).enlist(line);
		}
	}

	/**
	 * Run something quick later.
	 */
	void after(Duration delay, Runnable task) {
		this.threads.after(delay, task);
	}

	boolean isClosed() {
		return this.link.isClosed();
	}

	/**
	 * Say why a message was not sent that has waited too long.
	 */
	Throwable lateReason(LaneMessage message) {
		RedisLink server = message.line().server();
		if (!server.isConnected()) {
			return server.notConnected();
		}
		Throwable setback = message.setback();
		return (setback != null) ? setback
				: new TimeoutException("Not sent within " + this.timeout + ", as earlier messages have no reply");
	}

	/**
	 * Wait until nothing is in flight.
	 */
	void awaitCompletion() throws InterruptedException {
		Deadline end = Deadline.after(this.timeout);
		for (AsyncLane lane : this.lanes.values()) {
			lane.permits().awaitIdle(end.left());
		}
	}

	private @Nullable Deadline settleOverdue() {
		Deadline next = null;
		for (StreamLine line : this.lines.values()) {
			line.takeLate()
				.forEach((message) -> message
					.settle(PublishResult.rejected(message.entry().stream(), lateReason(message))));
			next = Deadline.earlier(next, line.nextDeadline());
		}
		for (AsyncLane lane : this.lanes.values()) {
			Throwable reason = new TimeoutException("No reply within " + this.timeout);
			next = Deadline.earlier(next, lane.settleOverdue(this.grace, reason));
		}
		closeLanes();
		return next;
	}

}
