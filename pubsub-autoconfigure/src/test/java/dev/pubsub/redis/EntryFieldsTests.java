package dev.pubsub.redis;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EntryFieldsTests {

	@Test
	void findsAValueByItsWholeName() {
		EntryFields fields = EntryFields.ofText(Map.of("name", "dog"));

		assertThat(fields.getText("name")).isEqualTo("dog");
		assertThat(fields.get("nam")).isNull();
		assertThat(fields.get("names")).isNull();
		assertThat(fields.get("")).isNull();
	}

	@Test
	void findsAValueByANameThatIsNotAscii() {
		EntryFields fields = EntryFields.ofText(Map.of("größe", "42"));

		assertThat(fields.getText("größe")).isEqualTo("42");
		assertThat(fields.get("große")).isNull();
		assertThat(fields.get("gr\u00c3\u00b6")).isNull();
	}

	@Test
	void answersWithTheFirstOfSeveralValues() {
		EntryFields fields = EntryFields.builder().add("name", "dog").add("name", "cat").build();

		assertThat(fields.getText("name")).isEqualTo("dog");
		assertThat(fields.asMap()).hasSize(1);
	}

}
