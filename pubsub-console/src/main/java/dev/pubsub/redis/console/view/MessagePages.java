package dev.pubsub.redis.console.view;

import java.util.List;

import dev.pubsub.redis.admin.IdRange;
import dev.pubsub.redis.admin.StoredMessage;
import dev.pubsub.redis.admin.StreamAdmin;
import dev.pubsub.redis.console.http.Parameters;
import dev.pubsub.redis.console.http.RefusedException;
import dev.pubsub.redis.console.view.Content.Field;
import dev.pubsub.redis.operations.EntryIds;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * The entries of a stream, the newest first.
 */
final class MessagePages {

	static final int DEFAULT_COUNT = 25;

	static final int MOST_COUNT = 100;

	private final Catalog catalog;

	private final StreamAdmin admin;

	private final Content brief;

	private final Content full;

	MessagePages(Catalog catalog, StreamAdmin admin, boolean payloads) {
		this.catalog = catalog;
		this.admin = admin;
		this.brief = Content.brief(payloads);
		this.full = Content.full(payloads);
	}

	Messages messages(Parameters parameters) {
		String stream = this.catalog.stream(parameters);
		Entries entries = newestFirst(this.admin, stream, parameters);
		return new Messages(stream, entries.list().stream().map((entry) -> view(entry, this.brief)).toList(),
				entries.next());
	}

	/**
	 * Return a page of entries between {@code from} and {@code to} that are older than
	 * {@code before}.
	 */
	static Entries newestFirst(StreamAdmin admin, String stream, Parameters parameters) {
		IdRange range = range(parameters);
		IdRange page = parameters.optional("before")
			.map((before) -> range.withToBefore(EntryIds.parse("before", before)))
			.orElse(range);
		int count = parameters.number("count", DEFAULT_COUNT, 1, MOST_COUNT);
		List<StoredMessage> entries = admin.reverseRange(stream, page, count);
		if (entries.isEmpty()) {
			return new Entries(entries, null);
		}
		RecordId last = entries.get(entries.size() - 1).id();
		// A page of large entries is short, too.
		boolean end = entries.size() < count && admin.reverseRange(stream, range.withToBefore(last), 1).isEmpty();
		return new Entries(entries, end ? null : last.getValue());
	}

	/**
	 * Return the range that a request names, all by default.
	 */
	static IdRange range(Parameters parameters) {
		return EntryIds.range(parameters.optional("from").orElse(null), parameters.optional("to").orElse(null));
	}

	Message message(Parameters parameters) {
		String stream = this.catalog.stream(parameters);
		return view(entry(this.admin, stream, parameters), this.full);
	}

	static StoredMessage entry(StreamAdmin admin, String stream, Parameters parameters) {
		RecordId id = EntryIds.parse("id", parameters.required("id"));
		return admin.range(stream, IdRange.of(id, id), 1)
			.stream()
			.findFirst()
			.orElseThrow(() -> RefusedException
				.notFound("There is no entry %s in %s.".formatted(id, Parameters.quoted(stream))));
	}

	private static Message view(StoredMessage entry, Content content) {
		return new Message(entry.id().getValue(), entry.fields().size(), content.fields(entry.fields()));
	}

	/**
	 * Entries of a stream.
	 *
	 * @param list the entries
	 * @param next where the next page begins, {@code null} after the last one
	 */
	record Entries(List<StoredMessage> list, @Nullable String next) {

	}

	/**
	 * A page of entries.
	 *
	 * @param stream the stream
	 * @param messages its entries
	 * @param next where the next page begins, {@code null} after the last one
	 */
	record Messages(String stream, List<Message> messages, @Nullable String next) {

	}

	/**
	 * An entry.
	 *
	 * @param id its id
	 * @param size how many fields it has
	 * @param fields those that are shown
	 */
	record Message(String id, int size, List<Field> fields) {

	}

}
