package dev.pubsub.redis.listener;

import java.time.Duration;

import dev.pubsub.redis.internal.delivery.Attempt;
import dev.pubsub.redis.internal.delivery.Decision;

import org.springframework.util.Assert;

/**
 * Passes on what a handler decides about its message.
 */
final class MessageAcknowledgment implements Acknowledgment {

	private final Attempt attempt;

	MessageAcknowledgment(Attempt attempt) {
		this.attempt = attempt;
	}

	@Override
	public void acknowledge() {
		this.attempt.decide(Decision.ACKNOWLEDGE);
	}

	@Override
	public void retry() {
		this.attempt.decide(Decision.retry(null));
	}

	@Override
	public void retry(Duration delay) {
		Assert.isTrue(!delay.isNegative(), () -> "'delay' must be zero or more, was " + delay);
		this.attempt.decide(Decision.retry(delay));
	}

	@Override
	public void reject(String reason) {
		this.attempt.decide(Decision.reject(reason));
	}

	@Override
	public void extend(Duration duration) {
		Assert.isTrue(!duration.isNegative() && !duration.isZero(),
				() -> "'duration' must be greater than zero, was " + duration);
		this.attempt.extend(duration);
	}

}
