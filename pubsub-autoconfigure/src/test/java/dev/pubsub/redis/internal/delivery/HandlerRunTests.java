package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.List;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HandlerRunTests {

	private final InFlightMessage first = message(1);

	private final InFlightMessage second = message(2);

	private final HandlerRun run = new HandlerRun(List.of(this.first, this.second), 100);

	HandlerRunTests() {
		this.first.setRun(this.run);
		this.second.setRun(this.run);
	}

	private static InFlightMessage message(long millis) {
		InFlightMessage message = new InFlightMessage(new EntryId(millis, 0), EntryFields.of(), 1, 0, 100);
		message.advance(Stage.QUEUED, Stage.RUNNING);
		return message;
	}

	@AfterEach
	void clearInterrupt() {
		Thread.interrupted();
	}

	@Test
	void interruptsItsThreadOnceAndClearsTheFlagAtTheEnd() {
		assertThat(this.run.interrupt(Stage.TIMED_OUT)).isTrue();
		assertThat(this.run.interrupt(Stage.LEASE_LOST)).isFalse();

		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		assertThat(List.of(this.first, this.second)).extracting(InFlightMessage::stage).containsOnly(Stage.TIMED_OUT);
		this.run.end();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void interruptsNobodyAfterTheEnd() {
		this.run.end();

		assertThat(this.run.interrupt(Stage.TIMED_OUT)).isFalse();
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void clearsAnInterruptThatTheHandlerLeftBehind() {
		Thread.currentThread().interrupt();

		this.run.end();

		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void goesOnWhenOneLeaseOfSeveralIsLost() {
		assertThat(this.run.loseLease(this.first)).isTrue();
		assertThat(this.run.loseLease(this.first)).isFalse();

		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		assertThat(this.first.stage()).isEqualTo(Stage.LEASE_LOST);
		assertThat(this.second.stage()).isEqualTo(Stage.RUNNING);
	}

	@Test
	void isInterruptedWhenItsLastLeaseIsLost() {
		this.run.loseLease(this.first);
		this.run.loseLease(this.second);

		assertThat(Thread.currentThread().isInterrupted()).isTrue();
		assertThat(this.run.interrupt(Stage.TIMED_OUT)).isFalse();
	}

	@Test
	void losesNoLeaseOfWhatIsAcknowledged() {
		this.first.decide(Decision.ACKNOWLEDGE);

		assertThat(this.run.loseLease(this.first)).isFalse();
		assertThat(this.first.stage()).isEqualTo(Stage.RUNNING);
	}

	@Test
	void hasOneDeadlineForAllItsMessages() {
		new MessageAttempt(this.second, null, null, () -> 150, null).extend(Duration.ofNanos(50));

		assertThat(this.run.overdue(199)).isNegative();
		assertThat(this.run.overdue(200)).isZero();
	}

	@Test
	void forgetsWhatIsNotStarted() {
		this.run.drop(this.first);

		assertThat(this.run.messages()).containsExactly(this.second);
		assertThat(this.run).hasToString(this.second.id().toString());
	}

}
