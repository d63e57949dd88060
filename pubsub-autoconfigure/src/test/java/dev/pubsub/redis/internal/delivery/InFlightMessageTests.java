package dev.pubsub.redis.internal.delivery;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InFlightMessageTests {

	private final InFlightMessage message = new InFlightMessage(new EntryId(1, 0), EntryFields.of(), 1, 0, 100);

	@Test
	void hasItsLeaseUntilTheTickItEnds() {
		assertThat(this.message.hasLease(99)).isTrue();
		assertThat(this.message.hasLease(100)).isFalse();
	}

	@Test
	void isSettlingWhenItIsFinishedHoweverItEnded() {
		this.message.advance(Stage.QUEUED, Stage.RUNNING);
		this.message.advance(Stage.RUNNING, Stage.TIMED_OUT);

		assertThat(this.message.finish()).isEqualTo(Stage.TIMED_OUT);
		assertThat(this.message.stage()).isEqualTo(Stage.SETTLING);
	}

	@Test
	void keepsTheFirstDecision() {
		assertThat(this.message.decide(Decision.ACKNOWLEDGE)).isTrue();
		assertThat(this.message.decide(new Decision(Decision.Kind.RETRY, null, null))).isFalse();
		assertThat(this.message.decision()).isEqualTo(Decision.ACKNOWLEDGE);
	}

}
