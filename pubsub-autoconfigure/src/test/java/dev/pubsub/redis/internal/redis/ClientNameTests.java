package dev.pubsub.redis.internal.redis;

import java.util.Optional;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClientNameTests {

	@Test
	void namesRoleAndStream() {
		assertThat(ClientName.of(Optional.of("shop"), "reader", "orders")).isEqualTo("shop:reader:orders");
		assertThat(ClientName.of(Optional.empty(), "control", null)).isEqualTo("pubsub:control");
	}

	@Test
	void hasNothingThatRedisRefuses() {
		assertThat(ClientName.of(Optional.of("my shop"), "reader", "or\nders \u00fc"))
			.isEqualTo("my_shop:reader:or_ders__");
		assertThat(ClientName.of(Optional.empty(), "reader", "x".repeat(1000))).hasSize(100);
	}

}
