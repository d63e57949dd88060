package dev.pubsub.redis.operations;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.admin.DeadLetter;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StoredMessage;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.Loop;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.Reply;
import dev.pubsub.redis.operations.DeadLetterRun.Action;
import dev.pubsub.redis.operations.DeadLetterRun.State;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Goes through dead letters in the background, some every tenth of a second. Bears with
 * Redis for half a minute. Thread-safe: one turn is under way at a time, and
 * {@code status} is replaced as a whole.
 */
final class DeadLetterTask {

	private static final Logger logger = LoggerFactory.getLogger(DeadLetterTask.class);

	private static final Duration TURN = Duration.ofMillis(100);

	private static final int DISCARDED_PER_TURN = 500;

	private static final int MOST_PER_TURN = 500;

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

	private final Redrive redrive;

	private final StreamAdmin admin;

	private final int perTurn;

	private final Duration pause;

	private final Clock clock;

	private final Loop loop;

	private IdRange rest;

	private @Nullable Instant failingSince;

	private volatile DeadLetterRun status;

	/**
	 * Create a task.
	 * @param range which dead letters, with an end
	 * @param redriveRate how many to redrive per second
	 */
	DeadLetterTask(Action action, Redrive redrive, StreamAdmin admin, IdRange range, BackgroundThreads threads,
			int redriveRate, Clock clock) {
		this.redrive = redrive;
		this.admin = admin;
		this.rest = range;
		int perTurn = (action == Action.REDRIVE) ? redriveRate / 10 : DISCARDED_PER_TURN;
		this.perTurn = Math.min(MOST_PER_TURN, Math.max(1, perTurn));
		this.pause = (perTurn > 0) ? TURN : Duration.ofMillis(1000 / redriveRate);
		this.clock = clock;
		String stream = redrive.place().stream();
		this.status = new DeadLetterRun(stream, action, State.RUNNING, clock.instant(), 0, 0, null, null);
		this.loop = new Loop("Going through dead letters of " + SafeText.of(stream), threads.tasks(), threads.timer(),
				this::turn);
	}

	/**
	 * Begin.
	 * @param empty whether there is nothing to do
	 */
	void start(boolean empty) {
		logger.info("Dead letters of {} are {}, as somebody asked for it", this.status.stream(), doing());
		if (empty) {
			end(State.DONE, null);
		}
		else {
			this.loop.wake();
		}
	}

	DeadLetterRun status() {
		return this.status;
	}

	boolean isRunning() {
		return this.status.state() == State.RUNNING;
	}

	/**
	 * End before the end.
	 * @return whether it was running
	 */
	boolean cancel() {
		this.loop.stop();
		return end(State.CANCELLED, null);
	}

	private void turn() throws Exception {
		long begin = System.nanoTime();
		try {
			if (!isRunning() || !some()) {
				end(State.DONE, null);
				return;
			}
			this.failingSince = null;
			Duration took = Duration.ofNanos(System.nanoTime() - begin);
			this.loop.wakeAfter(this.pause.minus(took));
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	/**
	 * Go on.
	 * @return whether there may be more
	 */
	private boolean some() {
		List<StoredMessage> letters = Operation
			.run(() -> this.admin.range(this.redrive.place().deadLetters(), this.rest, this.perTurn));
		if (letters.isEmpty()) {
			return false;
		}
		if (this.status.action() == Action.REDRIVE) {
			redrive(letters);
		}
		else {
			RecordId[] ids = letters.stream().map(StoredMessage::id).toArray(RecordId[]::new);
			add(Operation.run(() -> this.admin.delete(this.redrive.place().deadLetters(), ids)), 0, null);
		}
		this.rest = this.rest.withFromAfter(letters.get(letters.size() - 1).id());
		return true;
	}

	private void redrive(List<StoredMessage> letters) {
		List<CompletableFuture<Reply>> replies = new ArrayList<>();
		long left = 0;
		@Nullable String problem = null;
		for (StoredMessage letter : letters) {
			if (DeadLetter.of(letter).hasMessage()) {
				replies.add(this.redrive.send(letter));
			}
			else {
				left++;
				problem = "There is no message in " + letter.id();
			}
		}
		long done = 0;
		@Nullable RuntimeException failure = null;
		for (CompletableFuture<Reply> reply : replies) {
			try {
				done += this.redrive.await(reply).isNull() ? 0 : 1;
			}
			catch (OperationException ex) {
				if (RedisFault.of(ex) == RedisFault.OTHER_REPLY) {
					left++;
					problem = ex.getMessage();
				}
				else {
					failure = ex;
				}
			}
		}
		// When it broke off they come again, so they are counted then.
		add(done, (failure == null) ? left : 0, problem);
		if (failure != null) {
			throw failure;
		}
	}

	private void failed(RuntimeException failure) {
		Instant now = this.clock.instant();
		Instant since = (this.failingSince != null) ? this.failingSince : now;
		this.failingSince = since;
		boolean refused = RedisFault.of(failure) == RedisFault.REFUSED;
		if (refused || !(failure instanceof OperationException) || since.plus(PATIENCE).isBefore(now)) {
			end(State.FAILED, SafeText.of(failure.getMessage()));
		}
		else {
			this.loop.wakeAfter(RETRY_DELAY);
		}
	}

	private synchronized void add(long done, long left, @Nullable String problem) {
		DeadLetterRun before = this.status;
		this.status = new DeadLetterRun(before.stream(), before.action(), before.state(), before.started(),
				before.done() + done, before.left() + left, before.ended(),
				(before.problem() != null) ? before.problem() : problem);
	}

	private synchronized boolean end(State state, @Nullable String problem) {
		DeadLetterRun before = this.status;
		if (before.state() != State.RUNNING) {
			return false;
		}
		this.status = new DeadLetterRun(before.stream(), before.action(), state, before.started(), before.done(),
				before.left(), this.clock.instant(), (problem != null) ? problem : before.problem());
		logger.info("{} dead letters of {} were {}, {} stayed{}", before.done(), before.stream(), doing(),
				before.left(), (state == State.DONE) ? "" : "; it ended early: " + state);
		this.loop.stop();
		return true;
	}

	private String doing() {
		return (this.status.action() == Action.REDRIVE) ? "redriven" : "discarded";
	}

}
