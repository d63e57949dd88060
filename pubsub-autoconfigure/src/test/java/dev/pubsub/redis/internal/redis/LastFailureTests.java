package dev.pubsub.redis.internal.redis;

import java.net.ConnectException;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LastFailureTests {

	private static final Exception REFUSED = new RedisCommandExecutionException("WRONGPASS invalid username");

	private static final Exception CLOSED = new RedisException("Connection closed prematurely");

	private static final Exception AWAY = new ConnectException("Connection refused");

	private final LastFailure last = new LastFailure();

	@Test
	void isTheLastOne() {
		assertThat(this.last.get()).isNull();
		this.last.attemptFailed(AWAY);
		assertThat(this.last.get()).isSameAs(AWAY);
		this.last.attemptFailed(CLOSED);
		assertThat(this.last.get()).isSameAs(CLOSED);
		this.last.attemptFailed(REFUSED);
		assertThat(this.last.get()).isSameAs(REFUSED);
	}

	@Test
	void anAnswerOutlastsOneAttemptThatTellsLess() {
		this.last.attemptFailed(REFUSED);
		this.last.attemptFailed(CLOSED);
		assertThat(this.last.get()).isSameAs(REFUSED);
		this.last.attemptFailed(REFUSED);
		this.last.attemptFailed(CLOSED);
		assertThat(this.last.get()).isSameAs(REFUSED);
	}

	@Test
	void twoAttemptsInTurnCount() {
		this.last.attemptFailed(REFUSED);
		this.last.attemptFailed(AWAY);
		this.last.attemptFailed(AWAY);
		assertThat(this.last.get()).isSameAs(AWAY);
	}

	@Test
	void aLostSessionCountsAtOnce() {
		this.last.attemptFailed(REFUSED);
		this.last.set(CLOSED);
		assertThat(this.last.get()).isSameAs(CLOSED);
		this.last.attemptFailed(AWAY);
		assertThat(this.last.get()).isSameAs(AWAY);
	}

}
