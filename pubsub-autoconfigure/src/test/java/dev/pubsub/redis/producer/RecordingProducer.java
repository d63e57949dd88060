package dev.pubsub.redis.producer;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Producer whose sessions write down what they commit instead of sending it.
 */
public class RecordingProducer implements RedisStreamProducer {

	private final List<List<Object>> commits = new CopyOnWriteArrayList<>();

	private final AtomicLong ids = new AtomicLong();

	private final SessionScope scope;

	public RecordingProducer(SessionScope scope) {
		this.scope = scope;
	}

	/**
	 * Return the payloads of each commit.
	 */
	public List<List<Object>> commits() {
		return this.commits;
	}

	@Override
	public RecordId publish(String stream, Object payload, PublishOptions options) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletableFuture<RecordId> publishAsync(String stream, Object payload, PublishOptions options) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ProducerSession session() {
		return this.scope.find(this).orElseGet(this::newSession);
	}

	@Override
	public ProducerSession newSession() {
		return new RecordingSession();
	}

	@Override
	public void close() {
	}

	private final class RecordingSession implements ProducerSession {

		private final List<Object> payloads = new CopyOnWriteArrayList<>();

		@Override
		public ProducerSession add(String stream, Object payload, PublishOptions options) {
			this.payloads.add(payload);
			return this;
		}

		@Override
		public int size() {
			return this.payloads.size();
		}

		@Override
		public void clear() {
			this.payloads.clear();
		}

		@Override
		public List<RecordId> commit() {
			List<Object> committed = List.copyOf(this.payloads);
			this.payloads.clear();
			if (!committed.isEmpty()) {
				RecordingProducer.this.commits.add(committed);
			}
			return committed.stream()
				.map((payload) -> RecordId.of(RecordingProducer.this.ids.incrementAndGet(), 0))
				.toList();
		}

		@Override
		public CompletableFuture<List<RecordId>> commitAsync() {
			return CompletableFuture.completedFuture(commit());
		}

	}

}
