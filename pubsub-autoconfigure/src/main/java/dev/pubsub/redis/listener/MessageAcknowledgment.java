package dev.pubsub.redis.listener;

import java.time.Duration;
import java.util.function.LongSupplier;

import dev.pubsub.redis.listener.InFlightMessage.Decision;

import org.springframework.util.Assert;

/**
 * Settles one message by its handler's decision: at once when the handler has returned,
 * or acknowledges; otherwise when it returns, so that two attempts never overlap.
 */
final class MessageAcknowledgment implements Acknowledgment {

	private final InFlightMessage message;

	private final Settlements settlements;

	private final LongSupplier ticker;

	MessageAcknowledgment(InFlightMessage message, Settlements settlements, LongSupplier ticker) {
		this.message = message;
		this.settlements = settlements;
		this.ticker = ticker;
	}

	@Override
	public void acknowledge() {
		if (this.message.decide(Decision.ACKNOWLEDGE)) {
			// Before the acknowledgement: once that is confirmed, it waits no more.
			this.settlements.decided(this.message, Decision.ACKNOWLEDGE);
			this.settlements.acknowledgeNow(this.message);
		}
	}

	@Override
	public void retry() {
		decide(new Decision(Decision.Kind.RETRY, null, null));
	}

	@Override
	public void retry(Duration delay) {
		Assert.isTrue(!delay.isNegative(), () -> "'delay' must be zero or more, was " + delay);
		decide(new Decision(Decision.Kind.RETRY, delay, null));
	}

	@Override
	public void reject(String reason) {
		decide(new Decision(Decision.Kind.REJECT, null, reason));
	}

	@Override
	public void extend(Duration duration) {
		Assert.isTrue(!duration.isNegative() && !duration.isZero(),
				() -> "'duration' must be greater than zero, was " + duration);
		HandlerRun run = this.message.run();
		if (run != null) {
			run.setDeadline(this.ticker.getAsLong() + duration.toNanos());
		}
	}

	private void decide(Decision decision) {
		if (this.message.decide(decision)) {
			this.settlements.decided(this.message, decision);
		}
	}

}
