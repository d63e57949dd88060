package dev.pubsub.redis.actuate;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

import dev.pubsub.redis.listener.ContainerActivity;
import dev.pubsub.redis.listener.ContainerState;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

class PubSubHealthIndicatorTests {

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	private static final Instant LONG_AGO = NOW.minusSeconds(60);

	@Test
	void isUpWithoutContainers() {
		Health health = new PubSubHealthIndicator(new FixedRegistry(), Clock.systemUTC()).health();

		assertThat(health.getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void isUpWhileReadsAreAnswered() {
		Health health = health(ContainerState.RUNNING, NOW.minusSeconds(2));

		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("billing.orders", Map.of("stream", "orders", "group", "billing",
				"state", ContainerState.RUNNING, "lastPoll", NOW.minusSeconds(2)));
	}

	@ParameterizedTest
	@EnumSource(names = { "RUNNING", "STARTING" })
	void isDownWhenNoReadWasAnsweredForTooLong(ContainerState state) {
		assertThat(health(state, LONG_AGO).getStatus()).isEqualTo(Status.DOWN);
	}

	@Test
	void isDownBeforeTheFirstConnection() {
		assertThat(health(ContainerState.STARTING, null).getStatus()).isEqualTo(Status.DOWN);
	}

	@Test
	void isDownWhenContainerFailed() {
		assertThat(health(ContainerState.FAILED, NOW).getStatus()).isEqualTo(Status.DOWN);
	}

	@ParameterizedTest
	@EnumSource(names = { "STOPPED", "STOPPING", "PAUSED" })
	void isUpWhenContainerWasStoppedOrPausedOnPurpose(ContainerState state) {
		assertThat(health(state, LONG_AGO).getStatus()).isEqualTo(Status.UP);
	}

	@ParameterizedTest
	@EnumSource(names = { "RUNNING", "PAUSED" })
	void isDownWhenARunningContainerHasNoHandlerThreadLeft(ContainerState state) {
		ContainerActivity stalled = new ContainerActivity(2, 2, 2, LONG_AGO, 0, 2, 0, 0);
		FixedRegistry registry = new FixedRegistry(new FixedContainer(state, NOW).withActivity(stalled));

		Health health = new PubSubHealthIndicator(registry, Clock.fixed(NOW, ZoneOffset.UTC)).health();

		boolean running = state == ContainerState.RUNNING;
		assertThat(health.getStatus()).isEqualTo(running ? Status.DOWN : Status.UP);
		assertThat(health.getDetails()).extractingByKey("billing.orders", InstanceOfAssertFactories.MAP)
			.hasSize(running ? 6 : 4)
			.containsEntry("state", state);
		if (running) {
			assertThat(health.getDetails()).extractingByKey("billing.orders", InstanceOfAssertFactories.MAP)
				.containsEntry("reason", "No handler thread is left: 2 handlers ignore the interrupt at their deadline")
				.containsEntry("since", LONG_AGO);
		}
	}

	@Test
	void saysWhyAndSinceWhen() {
		assertThat(health(ContainerState.RUNNING, LONG_AGO).getDetails())
			.extractingByKey("billing.orders", InstanceOfAssertFactories.MAP)
			.containsEntry("reason", "Redis has not answered a read since " + LONG_AGO)
			.containsEntry("since", LONG_AGO);
	}

	private static Health health(ContainerState state, @Nullable Instant lastPoll) {
		FixedRegistry registry = new FixedRegistry(new FixedContainer(state, lastPoll));
		return new PubSubHealthIndicator(registry, Clock.fixed(NOW, ZoneOffset.UTC)).health();
	}

}
