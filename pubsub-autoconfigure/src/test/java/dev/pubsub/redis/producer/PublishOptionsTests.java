package dev.pubsub.redis.producer;

import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PublishOptionsTests {

	@Test
	void anInterceptorCanReadAllThatACallerChose() {
		PublishOptions options = PublishOptions.defaults()
			.withId(RecordId.of("5-1"))
			.withMaxLength(10)
			.withApproximate(false)
			.withAcknowledgedOnly(true)
			.withCreateStream(false)
			.withIdempotencyId("order-1")
			.withKey("customer-7")
			.withHeader("tenant", "acme");

		assertThat(options.id()).isEqualTo(RecordId.of("5-1"));
		assertThat(options.idTime()).isNull();
		assertThat(options.maxLength()).isEqualTo(10);
		assertThat(options.minId()).isNull();
		assertThat(options.approximate()).isFalse();
		assertThat(options.acknowledgedOnly()).isTrue();
		assertThat(options.isWithoutTrimming()).isFalse();
		assertThat(options.createStream()).isFalse();
		assertThat(options.idempotencyId()).isEqualTo("order-1");
		assertThat(options.key()).isEqualTo("customer-7");
		assertThat(options.headers()).isEqualTo(Map.of("tenant", "acme"));
		assertThat(PublishOptions.defaults().withMinId(RecordId.of("4-0")).minId()).isEqualTo(RecordId.of("4-0"));
	}

	@Test
	void sayNothingWhereNothingWasChosen() {
		PublishOptions options = PublishOptions.defaults();

		assertThat(options.id()).isNull();
		assertThat(options.idTime()).isNull();
		assertThat(options.maxLength()).isNull();
		assertThat(options.minId()).isNull();
		assertThat(options.approximate()).isNull();
		assertThat(options.acknowledgedOnly()).isNull();
		assertThat(options.createStream()).isTrue();
		assertThat(options.idempotencyId()).isNull();
		assertThat(options.key()).isNull();
		assertThat(options.withoutTrimming().isWithoutTrimming()).isTrue();
		assertThat(options.withoutTrimming().maxLength()).isNull();
	}

	@Test
	void timeOfAnIdLeavesItsNumberToRedis() {
		PublishOptions options = PublishOptions.defaults().withIdTime(Instant.ofEpochMilli(1700000000000L));

		assertThat(options.idText()).isEqualTo("1700000000000-*");
		assertThat(options.id()).isNull();
		assertThat(options.idTime()).isEqualTo(Instant.ofEpochMilli(1700000000000L));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> PublishOptions.defaults().withIdTime(Instant.ofEpochMilli(-1)))
			.withMessageContaining("'id'");
	}

	@Test
	void refuseAKeyThatIsEmptyOrLong() {
		assertThatIllegalArgumentException().isThrownBy(() -> PublishOptions.defaults().withKey(""))
			.withMessage("'key' must not be empty: leave it out for a message without a key");
		assertThatIllegalArgumentException().isThrownBy(() -> PublishOptions.defaults().withKey(null))
			.withMessageContaining("'key' must not be empty");
		assertThatIllegalArgumentException().isThrownBy(() -> PublishOptions.defaults().withKey("k".repeat(513)))
			.withMessage("'key' must not have more than 512 characters, had 513");
		assertThat(PublishOptions.defaults().withKey("k".repeat(512)).key()).hasSize(512);
	}

	@Test
	void keepTheKeyToThemselves() {
		PublishOptions options = PublishOptions.defaults().withKey("ann@example.com");

		assertThat(options).asString().contains("key=given").doesNotContain("ann");
		assertThat(options).isEqualTo(PublishOptions.defaults().withKey("ann@example.com"))
			.isNotEqualTo(PublishOptions.defaults().withKey("bob@example.com"));
		assertThat(options.withMaxLength(5).withHeader("a", "b").withoutTrimming().key()).isEqualTo("ann@example.com");
	}

	@Test
	void refuseAnIdThatIsNone() {
		assertThatIllegalArgumentException().isThrownBy(() -> PublishOptions.defaults().withId(RecordId.autoGenerate()))
			.withMessageContaining("'id' must be an id such as 1700000000000-0, was \"*\"");
		assertThatIllegalArgumentException().isThrownBy(() -> PublishOptions.defaults().withId(RecordId.of("x-y")));
		assertThatIllegalArgumentException().isThrownBy(() -> PublishOptions.defaults().withMinId(RecordId.of("x")));
	}

}
