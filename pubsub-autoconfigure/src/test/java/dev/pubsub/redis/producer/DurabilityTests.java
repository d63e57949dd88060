package dev.pubsub.redis.producer;

import java.time.Duration;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link Durability} and of the options that carry it.
 */
class DurabilityTests {

	@Test
	void asksForNothingByDefault() {
		assertThat(ProducerOptions.defaults().durability().isNone()).isTrue();
		assertThat(Durability.ofReplicas(0).isNone()).isTrue();
		assertThat(Durability.ofReplicas(0).withFsync(true).isNone()).isFalse();
	}

	@Test
	void refusesValuesThatMakeNoSense() {
		assertThatIllegalArgumentException().isThrownBy(() -> Durability.ofReplicas(-1))
			.withMessage("'replicas' must be zero or more, was -1");
		assertThatIllegalArgumentException().isThrownBy(() -> Durability.none().withTimeout(Duration.ZERO))
			.withMessageContaining("'timeout'");
	}

	@Test
	void endsBeforeTheProducerStopsWaiting() {
		Durability durability = Durability.ofReplicas(1).withTimeout(Duration.ofSeconds(3));

		assertThatIllegalArgumentException().isThrownBy(() -> durability.shorterThan(Duration.ofSeconds(3)))
			.withMessageContaining("PT3S");
		assertThat(durability.withReplicas(0).shorterThan(Duration.ofSeconds(1)).isNone()).isTrue();
	}

	@Test
	void winsOverTheProducersWhereAMessageHasItsOwn() {
		Durability all = Durability.ofReplicas(2);

		assertThat(PublishOptions.defaults().durability(all)).isEqualTo(all);
		assertThat(PublishOptions.defaults().withDurability(Durability.none()).durability(all).isNone()).isTrue();
		assertThat(PublishOptions.defaults().withDurability(all)).isNotEqualTo(PublishOptions.defaults())
			.hasToString(PublishOptions.defaults().toString().replace("durability=default", "durability=" + all));
	}

	@Test
	void leavesInDoubtWhatWasNotConfirmed() {
		Throwable refused = new RedisCommandExecutionException("ERR unknown command 'WAITAOF'");
		NotConfirmedException failure = new NotConfirmedException("orders", RecordId.of("1-0"),
				Durability.ofReplicas(1), 0, refused);

		PublishResult result = PublishResult.failed("orders", failure);

		assertThat(result.status()).isEqualTo(PublishResult.Status.UNKNOWN);
		assertThat(result.isNotSent()).isFalse();
		assertThat(PublishResult.isReply(failure)).isFalse();
		assertThat(failure).hasMessageContaining("1-0").hasMessageContaining("unknown command");
	}

	@Test
	void sendsNothingAgainThatLostItsConnectionBeforeTheConfirmation() {
		NotConfirmedException failure = new NotConfirmedException("orders", RecordId.of("1-0"),
				Durability.ofReplicas(1), 0, new RedisException("Connection is closed"));

		assertThat(PublishResult.failed("orders", failure).isNotSent()).isFalse();
	}

}
