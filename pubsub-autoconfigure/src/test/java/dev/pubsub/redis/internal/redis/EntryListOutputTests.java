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

	@Test
	void keepsOnlyTheIdsOfWhatIsTooLargeForTheRest() {
		EntryListOutput bounded = EntryListOutput.namedEntries(200);
		bounded.multi(1);
		bounded.multi(2);
		set(bounded, "orders");
		String large = "x".repeat(500);

		reply(bounded,
				new String[][] { { "1-0", "name", large }, { "2-0", "name", "dog" }, { "3-0", "a", large, "b", "c" } });

		assertThat(bounded.get()).extracting((entry) -> entry.id().toString()).containsExactly("1-0", "2-0", "3-0");
		assertThat(bounded.get().get(0).fields().getText("name")).isEqualTo(large);
		assertThat(bounded.get()).extracting(StreamEntry::isLeftOut).containsExactly(false, true, true);
		assertThat(bounded.get()).extracting(StreamEntry::bytes).containsExactly(536L, 39L, 567L);
	}

	@Test
	void keepsASmallEntryBehindALargeOne() {
		EntryListOutput bounded = EntryListOutput.namedEntries(200);
		bounded.multi(1);
		bounded.multi(2);
		set(bounded, "orders");

		reply(bounded, new String[][] { { "1-0", "name", "cat" }, { "2-0", "name", "x".repeat(500) },
				{ "3-0", "name", "dog" } });

		assertThat(bounded.get()).extracting(StreamEntry::isLeftOut).containsExactly(false, true, false);
		assertThat(bounded.get().get(2).fields().getText("name")).isEqualTo("dog");
	}

	private void reply(String[][] entries) {
		reply(this.output, entries);
	}

	private static void reply(EntryListOutput output, String[][] entries) {
		output.multi(entries.length);
		for (String[] entry : entries) {
			output.multi(2);
			set(output, entry[0]);
			output.multi(entry.length - 1);
			for (int i = 1; i < entry.length; i++) {
				set(output, entry[i]);
			}
		}
	}

	private static void set(EntryListOutput output, String text) {
		output.set(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

}
