package dev.pubsub.redis.operations;

import java.util.concurrent.CompletableFuture;

import dev.pubsub.redis.admin.DeadLetter;
import dev.pubsub.redis.admin.StoredMessage;
import dev.pubsub.redis.internal.redis.Reply;
import dev.pubsub.redis.operations.KnownStreams.DeadLetterPlace;

/**
 * Brings dead letters back to the streams that they come from.
 */
final class Redrive {

	private final DeadLetterPlace place;

	private final KnownStreams known;

	private final OperationsLink link;

	Redrive(DeadLetterPlace place, KnownStreams known, OperationsLink link) {
		this.place = place;
		this.known = known;
		this.link = link;
	}

	DeadLetterPlace place() {
		return this.place;
	}

	/**
	 * Add a letter to its stream and delete it, in one step.
	 * @return id of the new message, nothing when the letter is gone
	 */
	CompletableFuture<Reply> send(StoredMessage letter) {
		return this.link.redrive(this.place.deadLetters(), stream(letter), letter.id().getValue());
	}

	Reply await(CompletableFuture<Reply> reply) {
		return this.link.await("redrive dead letters of " + this.place.stream(), reply);
	}

	/**
	 * Several streams may share their dead letters. Anybody who may write there can name
	 * any stream, so that it must be one of theirs.
	 */
	private String stream(StoredMessage letter) {
		String own = DeadLetter.of(letter).stream();
		return this.known.isSource(own, this.place.deadLetters()) ? own : this.place.stream();
	}

}
