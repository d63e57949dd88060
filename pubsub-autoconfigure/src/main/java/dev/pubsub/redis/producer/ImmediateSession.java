package dev.pubsub.redis.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Session that sends each message when it is added, where nobody would commit it later.
 * {@link #add} waits for Redis and fails with {@link PublishException}; what failed is
 * not kept.
 */
final class ImmediateSession implements ProducerSession {

	private final ProducerSession session;

	private final List<RecordId> ids = new ArrayList<>();

	ImmediateSession(ProducerSession session) {
		this.session = session;
	}

	@Override
	public ProducerSession add(String stream, Object payload, PublishOptions options) {
		try {
			this.ids.addAll(this.session.add(stream, payload, options).commit());
			return this;
		}
		finally {
			this.session.clear();
		}
	}

	@Override
	public int size() {
		return this.session.size();
	}

	@Override
	public void clear() {
		this.session.clear();
	}

	@Override
	public List<RecordId> commit() {
		List<RecordId> sent = List.copyOf(this.ids);
		this.ids.clear();
		return sent;
	}

	@Override
	public CompletableFuture<List<RecordId>> commitAsync() {
		return CompletableFuture.completedFuture(commit());
	}

}
