package dev.pubsub.redis.console.view;

import java.nio.charset.StandardCharsets;

import dev.pubsub.redis.DeadLetterFormat;
import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.EntryFormat;
import dev.pubsub.redis.console.view.Content.Field;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ContentTests {

	@Test
	void hidesValuesOfFieldsAndHeaders() {
		EntryFields fields = EntryFields.builder()
			.add("card", "4111 1111")
			.add(EntryFormat.HEADER_PREFIX + "token", "secret")
			.add(EntryFormat.SOURCE, "producer")
			.add(DeadLetterFormat.REASON, "rejected")
			.build();

		assertThat(Content.full(false).fields(fields)).containsExactly(new Field("card", 9, null, false, false),
				new Field("__H_token", 6, null, false, false), new Field("__SOURCE", 8, "producer", false, false));
	}

	@Test
	void cutsTextsBetweenCharacters() {
		EntryFields fields = EntryFields.builder().add("name", "x" + "é".repeat(200)).build();

		assertThat(Content.brief(true).fields(fields))
			.containsExactly(new Field("name", 401, "x" + "é".repeat(99), false, true));
	}

	@Test
	void writesBytesThatAreNoTextAsHexadecimal() {
		EntryFields fields = EntryFields.of("picture".getBytes(StandardCharsets.US_ASCII), new byte[] { -1, 0, 1 });

		assertThat(Content.brief(true).fields(fields)).containsExactly(new Field("picture", 3, "ff0001", true, false));
	}

}
