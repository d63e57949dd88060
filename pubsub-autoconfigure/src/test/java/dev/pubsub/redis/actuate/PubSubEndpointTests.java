package dev.pubsub.redis.actuate;

import java.time.Instant;
import java.util.List;

import dev.pubsub.redis.actuate.PubSubEndpoint.Action;
import dev.pubsub.redis.actuate.PubSubEndpoint.ContainerDescriptor;
import dev.pubsub.redis.listener.ContainerState;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PubSubEndpointTests {

	private static final Instant POLL = Instant.parse("2026-01-01T00:00:00Z");

	private final PubSubEndpoint endpoint = new PubSubEndpoint(
			new FixedRegistry(new FixedContainer(ContainerState.RUNNING, POLL)));

	@Test
	void showsContainers() {
		ContainerDescriptor expected = new ContainerDescriptor("billing.orders", "orders", "billing", "running", POLL,
				List.of());

		assertThat(this.endpoint.containers().containers()).containsExactly(expected);
		assertThat(this.endpoint.container("billing.orders")).isEqualTo(expected);
	}

	@Test
	void knowsNothingOfAnUnknownContainer() {
		assertThat(this.endpoint.container("other")).isNull();
		assertThatExceptionOfType(InvalidEndpointRequestException.class)
			.isThrownBy(() -> this.endpoint.change("other", Action.STOP))
			.withMessageContaining("other");
	}

	@Test
	void changesOneContainer() {
		assertThat(this.endpoint.change("billing.orders", Action.PAUSE).state()).isEqualTo("paused");
		assertThat(this.endpoint.change("billing.orders", Action.RESUME).state()).isEqualTo("running");
		assertThat(this.endpoint.change("billing.orders", Action.STOP).state()).isEqualTo("stopped");
		assertThat(this.endpoint.change("billing.orders", Action.START).state()).isEqualTo("starting");
	}

}
