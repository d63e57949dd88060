package dev.pubsub.redis.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.Function;

import dev.pubsub.redis.internal.Failures;
import dev.pubsub.redis.internal.redis.Deadline;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.RedisLink;
import org.jspecify.annotations.Nullable;

/**
 * Messages that a lane sends together, those of one line side by side, and their replies.
 */
final class LaneWrite {

	private static final BitSet NONE = new BitSet();

	private final List<LaneMessage> messages;

	private final RedisLink server;

	/** Those that are not sent, and why. */
	private @Nullable Throwable @Nullable [] unsent;

	private volatile List<CompletableFuture<@Nullable EntryId>> replies = List.of();

	private BitSet back = NONE;

	LaneWrite(List<LaneMessage> messages, RedisLink server) {
		this.messages = messages;
		this.server = server;
	}

	/**
	 * Send the messages. Whatever is thrown is their result: the lane has to go on.
	 * @param late says why a message that has waited too long was not sent
	 * @param onAnswer runs when all replies have come, or will not come any more
	 */
	void send(Function<LaneMessage, Throwable> late, Runnable onAnswer) {
		EntryWrite write = new EntryWrite(this.server, this.messages.size());
		for (int i = 0; i < this.messages.size(); i++) {
			Throwable reason = add(this.messages.get(i), write, late);
			if (reason != null) {
				this.unsent = (this.unsent != null) ? this.unsent : new Throwable[this.messages.size()];
				this.unsent[i] = reason;
			}
		}
		this.replies = forAll(write.send());
		WriteReplies.whenAllDone(this.replies, onAnswer);
	}

	private @Nullable Throwable add(LaneMessage message, EntryWrite write, Function<LaneMessage, Throwable> late) {
		try {
			if (message.isLate()) {
				return late.apply(message);
			}
			Throwable failure = WriteReplies.failureOf(message.features());
			if (failure != null) {
				return Failures.unwrap(failure);
			}
			write.add(message.entry(), message.features().join());
			return null;
		}
		catch (Throwable ex) {
			// There may be no memory to be had.
			return ex;
		}
	}

	/**
	 * Return a reply for each message, also where it was not sent.
	 */
	private List<CompletableFuture<@Nullable EntryId>> forAll(List<CompletableFuture<@Nullable EntryId>> sent) {
		@Nullable Throwable[] reasons = this.unsent;
		if (reasons == null) {
			return sent;
		}
		List<CompletableFuture<@Nullable EntryId>> all = new ArrayList<>(reasons.length);
		int next = 0;
		for (Throwable reason : reasons) {
			all.add((reason != null) ? CompletableFuture.failedFuture(reason) : sent.get(next++));
		}
		return all;
	}

	/**
	 * Give back to their lines what is to be sent again, and tell each line that it was
	 * answered.
	 * @param again says whether a message is, by what its reply failed with
	 * @param atOnce whether the lines need not wait
	 * @param then is told how long a line has to wait
	 */
	void giveBack(BiPredicate<LaneMessage, Throwable> again, boolean atOnce, BiConsumer<StreamLine, Duration> then) {
		int from = 0;
		while (from < this.messages.size()) {
			StreamLine line = this.messages.get(from).line();
			List<LaneMessage> returned = List.of();
			int i = from;
			while (i < this.messages.size() && this.messages.get(i).line() == line) {
				if (this.replies.get(i).isCompletedExceptionally() && isForAgain(i, again)) {
					returned = returned.isEmpty() ? new ArrayList<>() : returned;
					returned.add(this.messages.get(i));
				}
				i++;
			}
			from = i;
			then.accept(line, line.answered(returned, atOnce));
		}
	}

	private boolean isForAgain(int index, BiPredicate<LaneMessage, Throwable> again) {
		LaneMessage message = this.messages.get(index);
		Throwable failure = Objects.requireNonNull(WriteReplies.failureOf(this.replies.get(index)));
		if (message.isSettled() || !again.test(message, failure)) {
			return false;
		}
		message.notExecuted(failure, this.server.asked(failure));
		if (message.isLate()) {
			return false;
		}
		this.back = this.back.isEmpty() ? new BitSet(this.messages.size()) : this.back;
		this.back.set(index);
		return true;
	}

	/**
	 * Tell what became of all messages but those that were given back.
	 */
	void settle(FeatureDetection detection) {
		for (int i = 0; i < this.messages.size(); i++) {
			if (!this.back.get(i)) {
				LaneMessage message = this.messages.get(i);
				PublishResult result = result(i, message.entry());
				detection.check(message.entry(), result);
				message.settle(result);
			}
		}
	}

	private PublishResult result(int index, OutgoingEntry entry) {
		CompletableFuture<@Nullable EntryId> reply = this.replies.get(index);
		Throwable failure = WriteReplies.failureOf(reply);
		boolean sent = this.unsent == null || this.unsent[index] == null;
		if (!sent && failure != null) {
			return PublishResult.rejected(entry.stream(), failure);
		}
		return entry.settle((failure == null) ? reply.join() : null, failure);
	}

	/**
	 * Tell those who wait for messages whose time is over what is known about them.
	 * @param grace how long after the deadline of a message that is
	 * @param reason why it is not known what became of them
	 * @return the first deadline that is still to come, {@code null} if there is none
	 */
	@Nullable Deadline settleOverdue(Duration grace, Throwable reason) {
		for (int i = 0; i < this.replies.size(); i++) {
			LaneMessage message = this.messages.get(i);
			Deadline end = message.deadline().plus(grace);
			if (!end.isOver()) {
				return end;
			}
			Throwable unsentFor = (this.unsent != null) ? this.unsent[i] : null;
			String stream = message.entry().stream();
			message.settle((unsentFor != null) ? PublishResult.rejected(stream, unsentFor)
					: PublishResult.unknown(stream, reason));
		}
		return null;
	}

}
