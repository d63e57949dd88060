package dev.pubsub.redis.observe;

import java.util.ArrayList;
import java.util.List;

import ch.qos.logback.classic.Level;
import dev.pubsub.redis.test.LogLines;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;

class CompositeStreamObserverTests {

	@AutoClose
	private final LogLines lines = new LogLines();

	@Test
	void tellsOnceOfAnObserverThatFailsOnEachMessage() {
		List<MessageEvent> events = new ArrayList<>();
		StreamObserver composite = StreamObserver.composite(List.of(new StreamObserver() {

			@Override
			public void onEvent(MessageEvent event) {
				throw new IllegalStateException("broken");
			}

		}, new StreamObserver() {

			@Override
			public void onEvent(MessageEvent event) {
				events.add(event);
			}

		}));

		for (int i = 0; i < 20; i++) {
			composite.onEvent(
					MessageEvent.of("billing.orders", "orders", "billing", RecordId.of("1-0"), 1, Outcome.HANDLED));
		}

		assertThat(this.lines.of(Level.WARN, "failed on")).hasSize(1);
		assertThat(events).hasSize(20);
	}

}
