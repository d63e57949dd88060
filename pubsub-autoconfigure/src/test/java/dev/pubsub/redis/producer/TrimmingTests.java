package dev.pubsub.redis.producer;

import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class TrimmingTests {

	@Test
	void refusesTwoLimitsSinceRedisTakesOne() {
		PublishOptions longest = PublishOptions.defaults().withMaxLength(10);
		PublishOptions lowest = PublishOptions.defaults().withMinId(RecordId.of("5-0"));

		assertThatIllegalArgumentException().isThrownBy(() -> longest.withMinId(RecordId.of("5-0")))
			.withMessage("'maxLength' and 'minId' cannot both be given: 'maxLength' is 10");
		assertThatIllegalArgumentException().isThrownBy(() -> lowest.withMaxLength(10))
			.withMessage("'maxLength' and 'minId' cannot both be given: 'minId' is 5-0");
	}

	@Test
	void takesAnotherValueOfTheSameLimitAndOneAfterNone() {
		PublishOptions none = PublishOptions.defaults().withMinId(RecordId.of("5-0")).withoutTrimming();

		assertThat(none.withMaxLength(3).withMaxLength(4)).isEqualTo(PublishOptions.defaults().withMaxLength(4));
		assertThat(none.withMinId(RecordId.of("6-0")).withMinId(RecordId.of("7-0")))
			.isEqualTo(PublishOptions.defaults().withMinId(RecordId.of("7-0")));
	}

}
