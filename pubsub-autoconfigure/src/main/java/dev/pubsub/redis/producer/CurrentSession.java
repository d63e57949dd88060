package dev.pubsub.redis.producer;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.springframework.data.redis.connection.stream.RecordId;

/**
 * Stands for the current session of a scope.
 */
final class CurrentSession implements ProducerSession {

	private final RedisStreamProducer producer;

	private final SessionScope scope;

	CurrentSession(RedisStreamProducer producer, SessionScope scope) {
		this.producer = producer;
		this.scope = scope;
	}

	@Override
	public ProducerSession add(String stream, Object payload, PublishOptions options) {
		current().add(stream, payload, options);
		return this;
	}

	@Override
	public int size() {
		return current().size();
	}

	@Override
	public void clear() {
		current().clear();
	}

	@Override
	public List<RecordId> commit() {
		return current().commit();
	}

	@Override
	public CompletableFuture<List<RecordId>> commitAsync() {
		return current().commitAsync();
	}

	private ProducerSession current() {
		return this.scope.find(this.producer)
			.orElseThrow(() -> new IllegalStateException(
					"An injected ProducerSession is the session of the current web request or transaction, and there"
							+ " is none on thread \"" + Thread.currentThread().getName()
							+ "\": use RedisStreamProducer.newSession() here"));
	}

}
