package dev.pubsub.redis.internal.redis;

import java.util.Optional;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ClientNameTests {

	@Test
	void namesRoleAndStream() {
		assertThat(ClientName.of(Optional.of("shop"), "reader", "orders")).isEqualTo("shop:reader:orders");
		assertThat(ClientName.of(Optional.empty(), "control", null)).isEqualTo("pubsub:control");
	}

	@Test
	void wrongPasswordIsNoRefusalOfTheName() {
		assertThat(ClientName.isRefusal(failure("WRONGPASS invalid username-password pair or user is disabled.")))
			.isFalse();
		assertThat(ClientName.isRefusal(failure("ERR invalid password"))).isFalse();
		assertThat(ClientName.isRefusal(failure("NOAUTH HELLO must be called with the client already authenticated")))
			.isFalse();
		assertThat(ClientName.isRefusal(failure("Connection refused"))).isFalse();
		assertThat(ClientName
			.isRefusal(failure("NOPERM this user has no permissions to run the 'client|setname' command"))).isTrue();
		assertThat(ClientName.isRefusal(failure("ERR unknown command 'CLIENT'"))).isTrue();
	}

	private static Throwable failure(String message) {
		return new RedisConnectionException("Unable to connect", new RedisCommandExecutionException(message));
	}

	@Test
	void hasNothingThatRedisRefuses() {
		assertThat(ClientName.of(Optional.of("my shop"), "reader", "or\nders \u00fc"))
			.isEqualTo("my_shop:reader:or_ders__");
		assertThat(ClientName.of(Optional.empty(), "reader", "x".repeat(1000))).hasSize(100);
	}

}
