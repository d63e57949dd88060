package dev.pubsub.redis.listener;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.listener.InFlightMessage.Decision;
import dev.pubsub.redis.listener.InFlightMessage.Stage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InFlightMessageTests {

	private final InFlightMessage message = new InFlightMessage(new EntryId(1, 0), EntryFields.of(), 1, 0, false, 100);

	@Test
	void hasItsLeaseUntilTheTickItEnds() {
		assertThat(this.message.hasLease(99)).isTrue();
		assertThat(this.message.hasLease(100)).isFalse();
	}

	@Test
	void interruptsItsRunnerOnceAndClearsTheFlagWhenItIsFinished() {
		this.message.started(Thread.currentThread(), 0, 10);
		this.message.advance(Stage.QUEUED, Stage.RUNNING);

		assertThat(DeadlineWatch.interrupt(this.message, Stage.TIMED_OUT)).isTrue();
		assertThat(DeadlineWatch.interrupt(this.message, Stage.LEASE_LOST)).isFalse();

		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		assertThat(this.message.finish()).isEqualTo(Stage.TIMED_OUT);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void interruptsNobodyAfterItIsFinished() {
		this.message.started(Thread.currentThread(), 0, 10);
		this.message.advance(Stage.QUEUED, Stage.RUNNING);
		this.message.finish();

		assertThat(DeadlineWatch.interrupt(this.message, Stage.TIMED_OUT)).isFalse();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void keepsTheFirstDecision() {
		assertThat(this.message.decide(Decision.ACKNOWLEDGE)).isTrue();
		assertThat(this.message.decide(new Decision(Decision.Kind.RETRY, null, null))).isFalse();
		assertThat(this.message.decision()).isEqualTo(Decision.ACKNOWLEDGE);
	}

}
