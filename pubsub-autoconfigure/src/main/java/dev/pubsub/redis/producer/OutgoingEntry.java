package dev.pubsub.redis.producer;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.AddOptions;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.RedisRequest;
import dev.pubsub.redis.internal.redis.StreamCommands;
import org.jspecify.annotations.Nullable;

/**
 * A message that is encoded and ready to be sent, as often as it takes. It knows whether
 * Redis has it, so that no session that holds it sends it a second time.
 */
final class OutgoingEntry {

	private final String stream;

	private final EntryFields fields;

	private final AddOptions options;

	private final int size;

	private volatile boolean sent;

	OutgoingEntry(String stream, EntryFields fields, AddOptions options, int size) {
		this.stream = stream;
		this.fields = fields;
		this.options = options;
		this.size = size;
	}

	String stream() {
		return this.stream;
	}

	/**
	 * Return the size of all fields in bytes.
	 */
	int size() {
		return this.size;
	}

	boolean isSent() {
		return this.sent;
	}

	RedisRequest<@Nullable EntryId> request() {
		return StreamCommands.addRequest(this.stream, this.fields, this.options);
	}

	/**
	 * Take note of the reply.
	 */
	PublishResult settle(@Nullable EntryId id, @Nullable Throwable failure) {
		if (failure != null) {
			return PublishResult.failed(this.stream, failure);
		}
		if (id == null) {
			return PublishResult.rejected(this.stream, new IllegalStateException(
					"Stream \"" + this.stream + "\" does not exist, and was not to be created"));
		}
		this.sent = true;
		return PublishResult.sent(this.stream, id.toRecordId());
	}

}
