package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectGateTests {

	private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1);

	private final ConnectGate gate = new ConnectGate(this.time::get);

	@Test
	void letsAllPassWhileNothingFailed() {
		assertThat(this.gate.pass()).isTrue();
		assertThat(this.gate.pass()).isTrue();
	}

	@Test
	void letsOnePassInAWhileAfterAFailure() {
		this.gate.failed();
		assertThat(this.gate.pass()).isFalse();

		this.time.addAndGet(Duration.ofMillis(200).toNanos());
		assertThat(this.gate.pass()).isTrue();
		assertThat(this.gate.pass()).isFalse();

		this.gate.failed();
		assertThat(this.gate.pass()).isFalse();
		this.time.addAndGet(Duration.ofMillis(200).toNanos());
		assertThat(this.gate.pass()).isTrue();
	}

	@Test
	void letsAllPassAfterASuccess() {
		this.gate.failed();
		this.gate.succeeded();

		assertThat(this.gate.pass()).isTrue();
		assertThat(this.gate.pass()).isTrue();
	}

}
