package dev.pubsub.redis.listener;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ContainerStateTests {

	@Test
	void goesFromStoppedToRunningAndBackInOrder() {
		assertThat(ContainerState.STOPPED.canBecome(ContainerState.STARTING)).isTrue();
		assertThat(ContainerState.STARTING.canBecome(ContainerState.RUNNING)).isTrue();
		assertThat(ContainerState.RUNNING.canBecome(ContainerState.STOPPING)).isTrue();
		assertThat(ContainerState.STOPPING.canBecome(ContainerState.STOPPED)).isTrue();
	}

	@Test
	void skipsNoStep() {
		assertThat(ContainerState.STOPPED.canBecome(ContainerState.RUNNING)).isFalse();
		assertThat(ContainerState.RUNNING.canBecome(ContainerState.STOPPED)).isFalse();
		assertThat(ContainerState.STOPPING.canBecome(ContainerState.RUNNING)).isFalse();
		assertThat(ContainerState.STARTING.canBecome(ContainerState.STARTING)).isFalse();
	}

}
