package dev.pubsub.redis.annotation;

import java.time.Duration;
import java.util.List;

import dev.pubsub.redis.listener.Acknowledgment;

/**
 * Settles all messages of a batch.
 *
 * @param messages one acknowledgment per message
 */
record BatchAcknowledgment(List<Acknowledgment> messages) implements Acknowledgment {

	@Override
	public void acknowledge() {
		this.messages.forEach(Acknowledgment::acknowledge);
	}

	@Override
	public void retry() {
		this.messages.forEach(Acknowledgment::retry);
	}

	@Override
	public void retry(Duration delay) {
		this.messages.forEach((message) -> message.retry(delay));
	}

	@Override
	public void reject(String reason) {
		this.messages.forEach((message) -> message.reject(reason));
	}

	@Override
	public void extend(Duration duration) {
		this.messages.forEach((message) -> message.extend(duration));
	}

}
