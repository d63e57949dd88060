package dev.pubsub.redis.console.view;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import dev.pubsub.redis.DeadLetterFormat;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.admin.StoredMessage;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.console.http.Parameters;
import dev.pubsub.redis.console.view.Content.Field;
import dev.pubsub.redis.operations.DeadLetterStream;
import org.jspecify.annotations.Nullable;

/**
 * Messages that were given up, the newest first.
 */
final class DeadLetterPages {

	private final Catalog catalog;

	private final StreamAdmin admin;

	private final Content brief;

	private final Content full;

	DeadLetterPages(Catalog catalog, StreamAdmin admin, boolean payloads) {
		this.catalog = catalog;
		this.admin = admin;
		this.brief = Content.brief(payloads);
		this.full = Content.full(payloads);
	}

	/**
	 * Return the streams that have dead letters, those with most of them first.
	 */
	Page<Place> places(Parameters parameters) {
		List<Place> places = this.catalog.ask(this.catalog.streams())
			.stream()
			.filter((stream) -> stream.deadLetters() > 0)
			.map((stream) -> new Place(stream.name(), stream.deadLetters()))
			.sorted(Comparator.comparingLong(Place::deadLetters).reversed())
			.toList();
		return Page.of(places, parameters, (place) -> place);
	}

	Letters deadLetters(Parameters parameters) {
		String stream = this.catalog.stream(parameters);
		String place = this.catalog.place(parameters);
		MessagePages.Entries entries = MessagePages.newestFirst(this.admin, place, parameters);
		List<DeadLetterStream> places = this.catalog.ask(List.of(stream)).get(0).deadLetterStreams();
		long total = places.stream()
			.filter((each) -> each.name().equals(place))
			.mapToLong(DeadLetterStream::length)
			.sum();
		return new Letters(stream, place, places.stream().map(DeadLetterStream::name).toList(), total,
				entries.list().stream().map((entry) -> view(entry, this.brief, false)).toList(), entries.next());
	}

	Letter deadLetter(Parameters parameters) {
		String place = this.catalog.place(parameters);
		StoredMessage entry = MessagePages.entry(this.admin, place, parameters);
		return view(entry, this.full, true);
	}

	private static Letter view(StoredMessage entry, Content content, boolean stackTrace) {
		EntryFields fields = entry.fields();
		return new Letter(entry.id().getValue(), fields.getText(DeadLetterFormat.ID),
				fields.getText(DeadLetterFormat.STREAM), fields.getText(DeadLetterFormat.GROUP),
				fields.getText(DeadLetterFormat.CONSUMER), fields.getText(DeadLetterFormat.ATTEMPTS),
				fields.getText(DeadLetterFormat.REASON), fields.getText(DeadLetterFormat.EXCEPTION),
				fields.getText(DeadLetterFormat.MESSAGE), time(fields.getText(DeadLetterFormat.TIME)),
				stackTrace ? fields.getText(DeadLetterFormat.STACKTRACE) : null, content.fields(fields));
	}

	private static @Nullable Instant time(@Nullable String millis) {
		try {
			return (millis != null) ? Instant.ofEpochMilli(Long.parseLong(millis)) : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * A stream that has dead letters.
	 */
	record Place(String stream, long deadLetters) {

	}

	/**
	 * A page of dead letters.
	 *
	 * @param stream the stream
	 * @param place where they are
	 * @param places where else there may be some
	 * @param total how many there are
	 * @param letters those of this page
	 * @param next where the next page begins, {@code null} after the last one
	 */
	record Letters(String stream, String place, List<String> places, long total, List<Letter> letters,
			@Nullable String next) {

	}

	/**
	 * A dead letter; what its fields do not say is {@code null}.
	 */
	record Letter(String id, @Nullable String originalId, @Nullable String stream, @Nullable String group,
			@Nullable String consumer, @Nullable String attempts, @Nullable String reason, @Nullable String exception,
			@Nullable String message, @Nullable Instant time, @Nullable String stackTrace, List<Field> fields) {

	}

}
