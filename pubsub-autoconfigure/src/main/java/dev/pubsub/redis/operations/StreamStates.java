package dev.pubsub.redis.operations;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.redis.BacklogQuery.Question;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.RedisFault;
import dev.pubsub.redis.internal.redis.StreamBacklog;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the state of streams and of where their dead letters are, with one command
 * each, those for one server in one write.
 */
final class StreamStates {

	private final KnownStreams known;

	private final OperationsLink link;

	StreamStates(KnownStreams known, OperationsLink link) {
		this.known = known;
		this.link = link;
	}

	List<StreamStatus> of(List<String> names) {
		List<List<String>> places = names.stream().map(this.known::deadLetterStreams).toList();
		List<Question> questions = new ArrayList<>();
		for (int i = 0; i < names.size(); i++) {
			questions.add(question(names.get(i)));
			places.get(i).forEach((place) -> questions.add(question(place)));
		}
		Iterator<CompletableFuture<StreamBacklog>> answers = this.link.backlogs(questions).iterator();
		List<StreamStatus> states = new ArrayList<>();
		for (int i = 0; i < names.size(); i++) {
			states.add(status(names.get(i), places.get(i), answers));
		}
		return states;
	}

	private static Question question(String stream) {
		return Question.of(stream, null, List.of());
	}

	private StreamStatus status(String name, List<String> places, Iterator<CompletableFuture<StreamBacklog>> answers) {
		Refusals refusals = new Refusals();
		StreamBacklog stream = refusals.orNothing(() -> await(name, answers));
		List<DeadLetterStream> deadLetters = new ArrayList<>();
		for (String place : places) {
			deadLetters.add(new DeadLetterStream(place, refusals.orNothing(() -> await(place, answers)).length()));
		}
		return new StreamStatus(name, stream.exists(), stream.length(), stream.exists() ? stream.groupCount() : 0,
				text(stream.first()), text(stream.last()),
				deadLetters.stream().mapToLong(DeadLetterStream::length).sum(), deadLetters,
				this.known.subscriptions(name), refusals.first);
	}

	private StreamBacklog await(String name, Iterator<CompletableFuture<StreamBacklog>> answers) {
		return this.link.await("look at " + name, answers.next());
	}

	private static @Nullable String text(@Nullable EntryId id) {
		return (id != null) ? id.toString() : null;
	}

	/**
	 * What Redis refuses to tell of one key says nothing of the others.
	 */
	private static final class Refusals {

		private static final StreamBacklog NOTHING = new StreamBacklog(0, 0, 0, StreamBacklog.UNKNOWN, null, null,
				List.of());

		private @Nullable String first;

		StreamBacklog orNothing(Supplier<StreamBacklog> answer) {
			try {
				return answer.get();
			}
			catch (OperationException ex) {
				if (RedisFault.of(ex) != RedisFault.REFUSED) {
					throw ex;
				}
				this.first = (this.first != null) ? this.first : ex.getMessage();
				return NOTHING;
			}
		}

	}

}
