package dev.pubsub.redis.producer;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class EntryIdsTests {

	@ParameterizedTest
	@ValueSource(strings = { "0", "5-1", "1700000000000-0", "18446744073709551615-18446744073709551615" })
	void acceptsWhatRedisAccepts(String id) {
		assertThat(EntryIds.isId(id)).isTrue();
		assertThat(EntryIds.isNewId(id)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-", "x", "1-", "-1", "1-x", "18446744073709551616", "1-99999999999999999999",
			"123456789012345678901" })
	void refusesWhatRedisRefuses(String id) {
		assertThat(EntryIds.isId(id)).isFalse();
		assertThat(EntryIds.isNewId(id)).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "5-*", "18446744073709551615-*" })
	void leavesTheSecondPartOfANewIdToRedis(String id) {
		assertThat(EntryIds.isNewId(id)).isTrue();
		assertThat(EntryIds.isId(id)).isFalse();
	}

}
