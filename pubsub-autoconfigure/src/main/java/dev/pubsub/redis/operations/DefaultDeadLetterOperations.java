package dev.pubsub.redis.operations;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import dev.pubsub.redis.DeadLetterFormat;
import dev.pubsub.redis.admin.DeadLetter;
import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StoredMessage;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.internal.SafeText;
import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.redis.Reply;
import dev.pubsub.redis.operations.DeadLetterRun.Action;
import dev.pubsub.redis.operations.KnownStreams.DeadLetterPlace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * {@link DeadLetterOperations} over Redis. Thread-safe.
 */
final class DefaultDeadLetterOperations implements DeadLetterOperations, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(DefaultDeadLetterOperations.class);

	private final KnownStreams known;

	private final StreamAdmin admin;

	private final OperationsLink link;

	private final BackgroundThreads threads;

	private final int redriveRate;

	private final Clock clock;

	private final EntryPages pages;

	/** By dead-letter stream. */
	private final Map<String, DeadLetterTask> tasks = new ConcurrentHashMap<>();

	DefaultDeadLetterOperations(KnownStreams known, StreamAdmin admin, OperationsLink link, BackgroundThreads threads,
			int redriveRate, Clock clock) {
		this.known = known;
		this.admin = admin;
		this.link = link;
		this.threads = threads;
		this.redriveRate = redriveRate;
		this.clock = clock;
		this.pages = new EntryPages(admin);
	}

	@Override
	public Page<DeadLetterStatus> list(String stream, IdRange range, Order order, Payloads payloads, PageRequest page) {
		DeadLetterPlace place = this.known.deadLetters(stream);
		return Listing.map(this.pages.read(place.deadLetters(), range, order, page),
				(entry) -> status(entry, payloads));
	}

	private static DeadLetterStatus status(StoredMessage entry, Payloads payloads) {
		DeadLetter letter = DeadLetter.of(entry);
		boolean shown = payloads == Payloads.SHOWN;
		return new DeadLetterStatus(letter.id().getValue(), letter.stream(), letter.originalId().getValue(),
				letter.time(), letter.group(), letter.consumer(), letter.attempts(), letter.reason(),
				letter.exception(), letter.message(), Fields.bytes(letter.fields()), letter.hasMessage(),
				shown ? letter.fields().getText(DeadLetterFormat.STACKTRACE) : null,
				shown ? Fields.of(letter.fields()) : null);
	}

	@Override
	public String redrive(String stream, String id) {
		RecordId letter = EntryIds.parse("id", id);
		Redrive redrive = redrive(this.known.deadLetters(stream));
		List<StoredMessage> found = Operation
			.run(() -> this.admin.range(redrive.place().deadLetters(), IdRange.of(letter, letter), 1));
		String what = "redrive " + id + " of " + SafeText.of(stream);
		if (found.isEmpty()) {
			throw unknown(id, redrive.place());
		}
		if (!DeadLetter.of(found.get(0)).hasMessage()) {
			throw OperationException.conflict("Cannot " + what + ": there is no message in it, only a note of it");
		}
		Reply added = this.link.await(what, redrive.send(found.get(0)));
		if (added.isNull()) {
			throw unknown(id, redrive.place());
		}
		logger.info("Dead letter {} of {} was redriven, as somebody asked for it", letter, redrive.place().stream());
		return added.text();
	}

	@Override
	public DeadLetterRun redrive(String stream, IdRange range) {
		Redrive redrive = redrive(this.known.deadLetters(stream));
		return start(Action.REDRIVE, redrive, range);
	}

	@Override
	public long discard(String stream, List<String> ids) {
		if (ids.isEmpty() || ids.size() > PageRequest.MOST) {
			throw OperationException
				.invalid("'ids' must be 1 to " + PageRequest.MOST + " ids of dead letters, were " + ids.size());
		}
		RecordId[] letters = ids.stream().map((id) -> EntryIds.parse("ids", id)).toArray(RecordId[]::new);
		DeadLetterPlace place = this.known.deadLetters(stream);
		long deleted = Operation.run(() -> this.admin.delete(place.deadLetters(), letters));
		logger.info("{} dead letters of {} were discarded, as somebody asked for it", deleted, place.stream());
		return deleted;
	}

	@Override
	public DeadLetterRun discard(String stream, IdRange range) {
		return start(Action.DISCARD, redrive(this.known.deadLetters(stream)), range);
	}

	private Redrive redrive(DeadLetterPlace place) {
		return new Redrive(place, this.known, this.link);
	}

	private DeadLetterRun start(Action action, Redrive redrive, IdRange range) {
		String deadLetters = redrive.place().deadLetters();
		List<StoredMessage> newest = Operation.run(() -> this.admin.reverseRange(deadLetters, range, 1));
		IdRange present = newest.isEmpty() ? range : range.withTo(newest.get(0).id());
		DeadLetterTask task = new DeadLetterTask(action, redrive, this.admin, present, this.threads, this.redriveRate,
				this.clock);
		this.tasks.merge(deadLetters, task, (before, next) -> {
			if (before.isRunning()) {
				throw OperationException.conflict("A run over the dead letters of %s is under way: wait, or cancel it"
					.formatted(SafeText.of(redrive.place().stream())));
			}
			return next;
		});
		task.start(newest.isEmpty());
		return task.status();
	}

	@Override
	public Optional<DeadLetterRun> run(String stream) {
		return Optional.ofNullable(this.tasks.get(this.known.deadLetters(stream).deadLetters()))
			.map(DeadLetterTask::status);
	}

	@Override
	public DeadLetterRun cancel(String stream) {
		DeadLetterTask task = this.tasks.get(this.known.deadLetters(stream).deadLetters());
		if (task == null || !task.cancel()) {
			throw OperationException
				.conflict("No run over the dead letters of %s is under way here".formatted(SafeText.of(stream)));
		}
		return task.status();
	}

	private static OperationException unknown(String id, DeadLetterPlace place) {
		return OperationException
			.unknown("There is no dead letter %s in %s".formatted(id, SafeText.of(place.deadLetters())));
	}

	@Override
	public void close() {
		this.tasks.values().forEach(DeadLetterTask::cancel);
	}

}
