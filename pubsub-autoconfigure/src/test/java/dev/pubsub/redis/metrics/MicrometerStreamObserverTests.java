package dev.pubsub.redis.metrics;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.pubsub.redis.observe.MessageEvent.Kind;
import dev.pubsub.redis.observe.MessageEvent;
import dev.pubsub.redis.observe.Outcome;
import dev.pubsub.redis.observe.UnreadLoss;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;

class MicrometerStreamObserverTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final MicrometerStreamObserver observer = new MicrometerStreamObserver(this.registry);

	@Test
	void countsMessagesAndTimesHandlersByOutcome() {
		this.observer.onEvent(MessageEvent.of("c", "orders", "billing", RecordId.of("1-0"), 1, Kind.STARTED));
		this.observer.onEvent(event(Outcome.HANDLED, Duration.ofMillis(20)));
		this.observer.onEvent(event(Outcome.HANDLED, Duration.ofMillis(30)));
		this.observer.onEvent(event(Outcome.DEAD_LETTERED, Duration.ZERO));

		assertThat(count("started")).isEqualTo(1);
		assertThat(count("handled")).isEqualTo(2);
		assertThat(count("dead_lettered")).isEqualTo(1);
		assertThat(this.registry.get("pubsub.handler").tags("subscription", "c", "outcome", "handled").timer().count())
			.isEqualTo(2);
		assertThat(this.registry.find("pubsub.handler").tags("outcome", "started").timer()).isNull();
	}

	@ParameterizedTest
	@EnumSource
	void countsEachOutcomeByItself(Outcome outcome) {
		this.observer.onEvent(event(outcome, outcome.isTimed() ? Duration.ofMillis(20) : Duration.ZERO));

		Stream.of(Outcome.values())
			.forEach((each) -> assertThat(count(each.name().toLowerCase(Locale.ROOT)))
				.isEqualTo((each == outcome) ? 1 : 0));
		Timer timer = this.registry.find("pubsub.handler")
			.tags("subscription", "c", "outcome", outcome.name().toLowerCase(Locale.ROOT))
			.timer();
		assertThat((timer != null) ? timer.totalTime(TimeUnit.MILLISECONDS) : 0).isEqualTo(outcome.isTimed() ? 20 : 0);
	}

	@ParameterizedTest
	@EnumSource(value = Kind.class, mode = EnumSource.Mode.EXCLUDE, names = "OUTCOME")
	void countsWhatComesBeforeAnOutcome(Kind kind) {
		this.observer.onEvent(MessageEvent.of("c", "orders", "billing", RecordId.of("1-0"), 1, kind));

		assertThat(count(kind.name().toLowerCase(Locale.ROOT))).isOne();
	}

	@Test
	void countsLosses() {
		this.observer.onUnreadLoss(new UnreadLoss("c", "orders", "billing", RecordId.of("3-0"), null, 7));
		this.observer.onUnreadLoss(new UnreadLoss("c", "orders", "billing", RecordId.of("9-0"), null, 2));

		assertThat(this.registry.get("pubsub.unread.lost").tags("subscription", "c").counter().count()).isEqualTo(9);
	}

	@Test
	void tagsAreBounded() {
		for (int i = 0; i < 100; i++) {
			this.observer.onEvent(event(Outcome.HANDLED, Duration.ofMillis(i)));
		}

		long timers = Stream.of(Outcome.values()).filter(Outcome::isTimed).count();
		assertThat(this.registry.getMeters())
			.hasSize(Outcome.values().length + Kind.values().length - 1 + (int) timers);
	}

	private double count(String outcome) {
		return this.registry.get("pubsub.messages")
			.tags("messaging.system", "redis", "subscription", "c", "messaging.destination.name", "orders",
					"messaging.consumer.group.name", "billing", "outcome", outcome)
			.counter()
			.count();
	}

	private static MessageEvent event(Outcome outcome, Duration duration) {
		return MessageEvent.of("c", "orders", "billing", RecordId.of("1-0"), 1, outcome).withDuration(duration);
	}

}
