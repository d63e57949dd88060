package dev.pubsub.redis.internal.redis;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EntryIdTests {

	@Test
	void readsWhatItWrites() {
		EntryId id = new EntryId(1_763_700_000_123L, 42);

		assertThat(EntryId.parse(id.toString())).isEqualTo(id);
		assertThat(id).hasToString("1763700000123-42");
		assertThat(id.toRecordId().getValue()).isEqualTo("1763700000123-42");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "0-0", "0-1", "9-10", "10-9", "1763700000123-42", "9223372036854775807-9223372036854775807",
					"9223372036854775808-0", "18446744073709551615-18446744073709551615" })
	void writesTheSameBytesAsText(String text) {
		assertThat(EntryId.parse(text).toBytes()).asString(StandardCharsets.US_ASCII).isEqualTo(text);
		assertThat(EntryId.parse(text).toRecordId().getValue()).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "007-1", "7-01", "07-01", "00000000000000000007-1" })
	void writesAnIdAsRedisDoesHoweverItWasWritten(String text) {
		EntryId id = EntryId.parse(text);

		assertThat(id).isEqualTo(new EntryId(7, 1)).hasSameHashCodeAs(new EntryId(7, 1)).hasToString("7-1");
		assertThat(id.toBytes()).asString(StandardCharsets.US_ASCII).isEqualTo("7-1");
		assertThat(id.toRecordId()).isEqualTo(RecordId.of(7, 1));
	}

	@Test
	void readsTheHighestIdThatRedisKnows() {
		EntryId highest = EntryId.parse("18446744073709551615-18446744073709551615");

		assertThat(highest).hasToString("18446744073709551615-18446744073709551615");
		assertThat(highest).isGreaterThan(new EntryId(1, 0));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", "-", "7-", "-7", "garbage", "5-0-0", "5-0 ", "+5-0", "5-a", "123456789012345678901-0" })
	void inventsNoIdFromWhatIsNone(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> EntryId.parse(text));
	}

	@Test
	void ordersLikeRedis() {
		assertThat(new EntryId(5, 9)).isLessThan(new EntryId(6, 0));
		assertThat(new EntryId(5, 9)).isLessThan(new EntryId(5, 10));
		assertThat(new EntryId(5, 9)).isEqualByComparingTo(EntryId.parse("5-9"));
	}

	@Test
	void knowsTheIdBefore() {
		assertThat(new EntryId(5, 9).previous()).isEqualTo(new EntryId(5, 8));
		assertThat(new EntryId(5, 0).previous()).isLessThan(new EntryId(5, 0)).isGreaterThan(new EntryId(4, 1));
		assertThat(new EntryId(5, 0).previous()).hasToString("4-18446744073709551615");
		assertThat(EntryId.parse("9223372036854775808-0").previous())
			.hasToString("9223372036854775807-18446744073709551615");
		assertThat(EntryId.ZERO.previous()).isEqualTo(EntryId.ZERO);
	}

}
