package dev.pubsub.redis.listener;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.PayloadConversionException;
import dev.pubsub.redis.StreamMessage;
import dev.pubsub.redis.internal.delivery.Attempt;
import dev.pubsub.redis.internal.delivery.DeadLetterReason;
import dev.pubsub.redis.internal.delivery.Decision;
import dev.pubsub.redis.internal.delivery.HandlerCall.End;
import dev.pubsub.redis.internal.delivery.Verdict;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AttemptPolicyTests {

	private static final IllegalStateException FAILURE = new IllegalStateException("no stock");

	private final Redelivery redelivery = Redelivery.defaults()
		.withRetryCount(2)
		.withTimeout(Duration.ofSeconds(7))
		.withBackoff(RetryBackoff.defaults().withDelay(Duration.ofSeconds(3)).withJitter(0));

	private Verdict judge(AckMode mode, End end, StubAttempt attempt, @Nullable Throwable failure) {
		return new AttemptPolicy(mode, this.redelivery, () -> 0.5).judge(attempt, end, failure);
	}

	private static Decision decision(String kind) {
		return new Decision(Decision.Kind.valueOf(kind), null, null);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			# mode,     end,        decision,    fails, verdict
			ON_SUCCESS, RETURNED,   ,            false, HANDLED
			ON_SUCCESS, RETURNED,   ,            true,  RETRY
			ON_SUCCESS, RETURNED,   ACKNOWLEDGE, false, ACKNOWLEDGED
			ON_SUCCESS, RETURNED,   ACKNOWLEDGE, true,  ACKNOWLEDGED
			ON_SUCCESS, RETURNED,   RETRY,       false, RETRY
			ON_SUCCESS, RETURNED,   REJECT,      false, GIVE_UP
			ON_SUCCESS, TIMED_OUT,  ,            false, RETRY
			ON_SUCCESS, TIMED_OUT,  ,            true,  RETRY
			ON_SUCCESS, TIMED_OUT,  REJECT,      true,  GIVE_UP
			ON_SUCCESS, TIMED_OUT,  ACKNOWLEDGE, true,  ACKNOWLEDGED
			ON_SUCCESS, STOPPED,    ,            false, HANDLED
			ON_SUCCESS, STOPPED,    ,            true,  RELEASED
			ON_SUCCESS, STOPPED,    RETRY,       true,  RELEASED
			ON_SUCCESS, STOPPED,    REJECT,      true,  GIVE_UP
			ON_SUCCESS, STOPPED,    ACKNOWLEDGE, true,  ACKNOWLEDGED
			ON_SUCCESS, LEASE_LOST, ,            false, HANDLED
			ON_SUCCESS, LEASE_LOST, ,            true,  LEFT
			ON_SUCCESS, LEASE_LOST, RETRY,       false, LEFT
			ON_SUCCESS, LEASE_LOST, REJECT,      false, LEFT
			ON_SUCCESS, LEASE_LOST, ACKNOWLEDGE, true,  ACKNOWLEDGED
			MANUAL,     RETURNED,   ,            false, UNDECIDED
			MANUAL,     RETURNED,   ,            true,  RETRY
			MANUAL,     RETURNED,   RETRY,       false, RETRY
			MANUAL,     RETURNED,   REJECT,      false, GIVE_UP
			MANUAL,     RETURNED,   ACKNOWLEDGE, false, ACKNOWLEDGED
			MANUAL,     TIMED_OUT,  ,            false, RETRY
			MANUAL,     STOPPED,    ,            false, RELEASED
			MANUAL,     STOPPED,    ,            true,  RELEASED
			MANUAL,     LEASE_LOST, ,            false, LEFT
			ALWAYS,     RETURNED,   ,            false, HANDLED
			ALWAYS,     RETURNED,   ,            true,  DROP
			ALWAYS,     RETURNED,   RETRY,       false, DROP
			ALWAYS,     RETURNED,   REJECT,      false, GIVE_UP
			ALWAYS,     TIMED_OUT,  ,            true,  DROP
			ALWAYS,     STOPPED,    ,            true,  RELEASED
			NONE,       RETURNED,   ,            false, HANDLED
			NONE,       RETURNED,   ,            true,  DROP
			NONE,       RETURNED,   RETRY,       false, DROP
			NONE,       RETURNED,   REJECT,      false, DROP
			NONE,       TIMED_OUT,  ,            false, DROP
			NONE,       STOPPED,    ,            true,  DROP
			""")
	void judgesByModeEndDecisionAndFailure(AckMode mode, End end, @Nullable String decision, boolean fails,
			Verdict.Kind expected) {
		StubAttempt attempt = new StubAttempt(1, false, (decision != null) ? decision(decision) : null);

		Verdict verdict = judge(mode, end, attempt, fails ? FAILURE : null);

		assertThat(verdict.kind()).isEqualTo(expected);
		if (fails && expected != Verdict.Kind.RELEASED && end != End.TIMED_OUT) {
			assertThat(verdict.failure()).isSameAs(FAILURE);
		}
	}

	@Test
	void retriesAfterTheBackoffOrAsTheHandlerSays() {
		Decision later = Decision.retry(Duration.ofMinutes(5));

		assertThat(judge(AckMode.ON_SUCCESS, End.RETURNED, new StubAttempt(2, false, null), FAILURE).delay())
			.isEqualTo(Duration.ofSeconds(6));
		assertThat(judge(AckMode.ON_SUCCESS, End.RETURNED, new StubAttempt(2, false, later), null).delay())
			.isEqualTo(Duration.ofMinutes(5));
	}

	@Test
	void givesUpForTheFirstReasonThatApplies() {
		AttemptPolicy policy = new AttemptPolicy(AckMode.ON_SUCCESS,
				this.redelivery.withExclude(Set.of(IOException.class)), () -> 0.5);
		PayloadConversionException unreadable = new PayloadConversionException("no JSON", null);

		assertThat(policy.judge(new StubAttempt(3, true, null), End.RETURNED, unreadable).reason())
			.isEqualTo(DeadLetterReason.UNREADABLE);
		assertThat(policy.judge(new StubAttempt(3, true, null), End.RETURNED, new IOException()).reason())
			.isEqualTo(DeadLetterReason.NOT_RETRYABLE);
		assertThat(policy.judge(new StubAttempt(3, true, null), End.RETURNED, FAILURE).reason())
			.isEqualTo(DeadLetterReason.ATTEMPTS_EXHAUSTED);
		assertThat(policy.judge(new StubAttempt(2, true, null), End.RETURNED, FAILURE).reason())
			.isEqualTo(DeadLetterReason.ENTRY_DELETED);
		assertThat(policy.judge(new StubAttempt(1, false, Decision.reject("old")), End.RETURNED, null).reason())
			.isEqualTo(DeadLetterReason.REJECTED);
	}

	@Test
	void saysWhyAnAttemptFailedThatThrewNothing() {
		StubAttempt attempt = new StubAttempt(1, false, null);

		assertThat(judge(AckMode.ON_SUCCESS, End.TIMED_OUT, attempt, FAILURE).failure())
			.isInstanceOf(HandlerTimeoutException.class)
			.hasCause(FAILURE)
			.hasMessageContaining("PT7S");
		assertThat(
				judge(AckMode.MANUAL, End.RETURNED, new StubAttempt(1, false, Decision.reject("old")), null).failure())
			.isInstanceOf(RejectedMessageException.class)
			.hasMessage("The handler rejected the message: old");
		assertThat(judge(AckMode.MANUAL, End.RETURNED, new StubAttempt(1, false, Decision.retry(null)), null).failure())
			.isInstanceOf(RejectedMessageException.class);
	}

	private record StubAttempt(int number, boolean isEntryDeleted, @Nullable Decision decision) implements Attempt {

		@Override
		public StreamMessage<EntryFields> message() {
			throw new UnsupportedOperationException("A policy reads no message");
		}

		@Override
		public void decide(Decision decided) {
			throw new UnsupportedOperationException("A policy does nothing itself");
		}

		@Override
		public void extend(Duration duration) {
			throw new UnsupportedOperationException("A policy does nothing itself");
		}

	}

}
