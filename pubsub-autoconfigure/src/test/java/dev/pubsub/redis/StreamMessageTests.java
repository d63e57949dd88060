package dev.pubsub.redis;

import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThat;

class StreamMessageTests {

	@ParameterizedTest
	@CsvSource({ "1795253298000-7, 1795253298000", "0-1, 0", "9223372036854775807-0, 9223372036854775807",
			"9223372036854775808-0, 9223372036854775807",
			"18446744073709551615-18446744073709551615, 9223372036854775807" })
	void publishTimeIsThatOfAnyId(String id, long millis) {
		assertThat(message(id, Map.of()).publishTime()).isEqualTo(Instant.ofEpochMilli(millis));
	}

	@ParameterizedTest
	@CsvSource({ "1795253298000, 1795253298000", "1795253298000.5, 1795253298000", "1e300, 9223372036854775807",
			"NaN, 5", "yesterday, 5" })
	void publishTimeIsWhatTheProducerWroteIfItIsATime(String written, long millis) {
		assertThat(message("5-0", Map.of(EntryFormat.PUBLISH_TIME, written)).publishTime())
			.isEqualTo(Instant.ofEpochMilli(millis));
	}

	@Test
	void keyIsThatOfTheEntry() {
		assertThat(message("5-0", Map.of(EntryFormat.KEY, "Zoë")).key()).isEqualTo("Zoë");
		assertThat(message("5-0", Map.of(EntryFormat.KEY, "")).key()).isNull();
		assertThat(message("5-0", Map.of("KEY", "ann")).key()).isNull();
	}

	@Test
	void textOfHighIdIsThatOfRedis() {
		assertThat(message("9223372036854775808-1", Map.of())).asString().contains("9223372036854775808-1");
	}

	private static StreamMessage<EntryFields> message(String id, Map<String, String> fields) {
		return StreamMessage.of(EntryFields.ofText(fields),
				Delivery.of(RecordId.of(id), "orders", "billing", "consumer"));
	}

}
