package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EntryListOutputTests {

	private final EntryListOutput output = EntryListOutput.entries();

	@Test
	void keepsEntriesApart() {
		reply(new String[][] { { "1-0", "name", "dog" }, { "2-0", "name", "cat", "age", "3" } });

		assertThat(this.output.get()).extracting((entry) -> entry.id().toString()).containsExactly("1-0", "2-0");
		assertThat(this.output.get().get(0).fields().getText("name")).isEqualTo("dog");
		assertThat(this.output.get().get(1).fields().getText("name")).isEqualTo("cat");
		assertThat(this.output.get().get(1).fields().getText("age")).isEqualTo("3");
	}

	@Test
	void sharesNamesOfFieldsButNoValues() {
		reply(new String[][] { { "1-0", "name", "dog" }, { "2-0", "name", "dog" } });

		List<byte[]> arrays = new ArrayList<>();
		this.output.get().forEach((entry) -> entry.fields().forEach((name, value) -> {
			arrays.add(name);
			arrays.add(value);
		}));
		assertThat(arrays.get(2)).isSameAs(arrays.get(0));
		assertThat(arrays.get(3)).isNotSameAs(arrays.get(1)).isEqualTo(arrays.get(1));
	}

	@Test
	void copesWithOtherNamesInEachEntry() {
		reply(new String[][] { { "1-0", "a", "1", "b", "2" }, { "2-0", "b", "3" }, { "3-0", "ab", "4", "b", "5" } });

		assertThat(this.output.get()).extracting((entry) -> entry.fields().toString())
			.containsExactly("[a, b]", "[b]", "[ab, b]");
		assertThat(this.output.get().get(2).fields().getText("b")).isEqualTo("5");
	}

	private void reply(String[][] entries) {
		this.output.multi(entries.length);
		for (String[] entry : entries) {
			this.output.multi(2);
			set(entry[0]);
			this.output.multi(entry.length - 1);
			for (int i = 1; i < entry.length; i++) {
				set(entry[i]);
			}
		}
	}

	private void set(String text) {
		this.output.set(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

}
