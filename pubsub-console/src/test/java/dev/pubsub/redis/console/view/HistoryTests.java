package dev.pubsub.redis.console.view;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;

import dev.pubsub.redis.console.view.Activity.Counts;
import dev.pubsub.redis.console.view.History.Point;
import dev.pubsub.redis.console.view.Sample.State;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class HistoryTests {

	private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

	private Instant now = START;

	private Map<String, State> states = Map.of();

	private final History history = new History(() -> this.states, Duration.ofSeconds(5), new Clock() {

		@Override
		public Instant instant() {
			return HistoryTests.this.now;
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			return this;
		}

	});

	@Test
	void computesRatesBetweenSamples() {
		sample(Map.of("orders", state(100, 10, Duration.ofSeconds(1), 7)));
		sample(Map.of("orders", state(150, 15, Duration.ofSeconds(2), 3), "reports",
				new State(Counts.NONE, null, null)));

		assertThat(this.history.latest("orders"))
			.isEqualTo(new Point(START.plusSeconds(5).toEpochMilli(), 10, 1, 1000 / 55.0, 3L, 1L));
		assertThat(this.history.latest(null).handled()).isEqualTo(10);
		assertThat(this.history.latest("reports").millis()).isNull();
		assertThat(this.history.latest("other").handled()).isZero();
	}

	@Test
	void keepsSoManySamplesAndReturnsTheNewerOnes() {
		for (int i = 0; i < History.MOST + 20; i++) {
			sample(Map.of());
		}

		assertThat(this.history.points(null)).hasSize(History.MOST - 1);
	}

	private void sample(Map<String, State> next) {
		this.states = next;
		this.history.sample();
		this.now = this.now.plusSeconds(5);
	}

	private static State state(long handled, long failed, Duration handlerTime, long lag) {
		return new State(new Counts(handled, failed, 0, handled + failed, handlerTime), lag, 1L);
	}

}
