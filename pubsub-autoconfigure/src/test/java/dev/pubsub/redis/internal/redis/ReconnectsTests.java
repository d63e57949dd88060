package dev.pubsub.redis.internal.redis;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReconnectsTests {

	private final Reconnects reconnects = new Reconnects();

	@Test
	void countsConnectionsInThePlaceOfLostOnes() {
		Reconnects.OfLink link = this.reconnects.of("reader");
		assertThat(this.reconnects.counted()).isEqualTo(Map.of("reader", 0L));

		link.connected();
		assertThat(this.reconnects.counted()).isEqualTo(Map.of("reader", 0L));

		link.lost();
		assertThat(this.reconnects.counted()).isEqualTo(Map.of("reader", 0L));

		link.connected();
		link.connected();
		assertThat(this.reconnects.counted()).isEqualTo(Map.of("reader", 1L));
	}

	@Test
	void linksOfOneNameAreCountedTogether() {
		Reconnects.OfLink one = this.reconnects.of("reader");
		Reconnects.OfLink other = this.reconnects.of("reader");

		one.lost();
		other.connected();
		one.connected();

		assertThat(this.reconnects.counted()).isEqualTo(Map.of("reader", 1L));
	}

}
