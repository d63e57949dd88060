package dev.pubsub.redis.internal.delivery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ContactTests {

	private final AtomicLong now = new AtomicLong(-5_000_000_000L);

	private final AtomicInteger renewals = new AtomicInteger();

	private final Contact contact = new Contact(Duration.ofSeconds(30), this.now::get, this.renewals::incrementAndGet);

	private void pass(Duration time) {
		this.now.addAndGet(time.toNanos());
	}

	@Test
	void grantsNoGraceWhileRedisAnswers() {
		for (int i = 0; i < 10; i++) {
			pass(Duration.ofSeconds(10));
			assertThat(this.contact.isInGrace()).isFalse();
			this.contact.made();
		}

		assertThat(this.renewals).hasValue(0);
	}

	@Test
	void renewsAtOnceAndGrantsTimeAfterAGap() {
		pass(Duration.ofSeconds(16));
		assertThat(this.contact.isInGrace()).isTrue();
		this.contact.made();

		assertThat(this.renewals).hasValue(1);
		pass(Duration.ofSeconds(10));
		this.contact.made();
		assertThat(this.contact.isInGrace()).isTrue();
		pass(Duration.ofSeconds(11));
		this.contact.made();
		assertThat(this.contact.isInGrace()).isFalse();
		assertThat(this.renewals).hasValue(1);
	}

}
