package dev.pubsub.redis.internal.delivery;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HandlerPaceTests {

	private final HandlerPace pace = new HandlerPace();

	private void measure(Duration each, int times) {
		for (int i = 0; i < times; i++) {
			this.pace.measured(each.toNanos());
		}
	}

	@Test
	void nothingIsKnownBeforeTheFirstMeasurement() {
		assertThat(this.pace.isQuick()).isFalse();
		assertThat(this.pace.isBrief()).isFalse();
		assertThat(this.pace.ahead(10, 256)).isZero();
	}

	@Test
	void aHandlerOfAColdMachineIsBriefAndNotQuick() {
		measure(Duration.ofMillis(50), 1);
		measure(Duration.ofNanos(200_000), 200);

		assertThat(this.pace.isBrief()).isTrue();
		assertThat(this.pace.isQuick()).isFalse();
	}

	@Test
	void aHandlerThatWaitsForOthersIsNeither() {
		measure(Duration.ofNanos(10_000), 100);
		assertThat(this.pace.isQuick()).isTrue();

		measure(Duration.ofMillis(1), 200);

		assertThat(this.pace.isBrief()).isFalse();
		assertThat(this.pace.isQuick()).isFalse();
	}

	@Test
	void worksAheadForATenthOfASecond() {
		measure(Duration.ofMillis(10), 1);

		assertThat(this.pace.ahead(4, 256)).isEqualTo(40);
		assertThat(this.pace.ahead(4, 30)).isEqualTo(30);
	}

}
