package dev.pubsub.redis.admin;

import java.util.List;
import java.util.Optional;

import dev.pubsub.redis.EntryFields;
import io.lettuce.core.RedisCommandExecutionException;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.stream.RecordId;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class RangeRedriveTests {

	private static final RecordId REFUSED = RecordId.of("1-0");

	private static final RecordId ACCEPTED = RecordId.of("2-0");

	private final StreamAdmin admin = mock(StreamAdmin.class);

	@Test
	void goesOnBehindADeadLetterThatRedisRefuses() {
		given(this.admin.deadLetterStream("orders")).willReturn("{orders}:dlq");
		given(this.admin.reverseRange(any(), any(), anyInt())).willReturn(List.of(letter(ACCEPTED)));
		given(this.admin.range(any(), any(), anyInt())).willReturn(List.of(letter(REFUSED), letter(ACCEPTED)));
		given(this.admin.redrive("orders", REFUSED)).willThrow(
				new StreamAdminException("Cannot redrive 1-0: ERR no", new RedisCommandExecutionException("ERR no")));
		given(this.admin.redrive("orders", ACCEPTED)).willReturn(Optional.of(RecordId.of("3-0")));

		assertThatExceptionOfType(StreamAdminException.class)
			.isThrownBy(() -> new RangeRedrive(this.admin, "orders").run(IdRange.all()))
			.withMessage("Redrove 1 dead letters of orders, but not 1 of them: Cannot redrive 1-0: ERR no");
	}

	private static StoredMessage letter(RecordId id) {
		return new StoredMessage(id, EntryFields.builder().add("name", "dog").build());
	}

}
