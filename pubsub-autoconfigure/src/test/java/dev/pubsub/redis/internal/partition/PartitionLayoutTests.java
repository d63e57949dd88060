package dev.pubsub.redis.internal.partition;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.lettuce.core.cluster.SlotHash;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

class PartitionLayoutTests {

	/** These are in docs/ordering.md, for other languages. */
	@ParameterizedTest
	@CsvSource({ "123456789, 3036607362, 2", "ann, 891354358, 6", "customer-1, 2082362020, 4", "Zoë, 2255564058, 10",
			"{a}b, 437155725, 13", "' ', 2129959832, 8" })
	void keyHasThePartitionThatIsDocumented(String key, long hash, int partition) {
		PartitionLayout layout = PartitionLayout.first("orders", 16);

		assertThat(KeyHash.of(key)).isEqualTo(hash);
		assertThat(layout.partition(key)).isEqualTo(layout.partitions().get(partition));
	}

	/** Vectors of other implementations. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "'' | 0", "hello | 613153351", "hello, world | 345750399",
			"The quick brown fox jumps over the lazy dog | 776992547" })
	void hashIsMurmur3(String key, long hash) {
		assertThat(KeyHash.of(key)).isEqualTo(hash);
	}

	@Test
	void namesAreThoseThatAreDocumented() {
		PartitionLayout layout = PartitionLayout.first("orders", 4);

		assertThat(layout.fields()).containsExactly(entry("count", "4"), entry("generation", "1"),
				entry("0", "orders:1:0:{1835}"), entry("1", "orders:1:1:{42130}"), entry("2", "orders:1:2:{25828}"),
				entry("3", "orders:1:3:{2282}"));
		assertThat(layout.partitions()).extracting(SlotHash::getSlot).containsExactly(105, 4201, 8297, 12393);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 4, 5, 7, 8, 16, 64, 100, 256 })
	void slotsAreEvenlySpacedOverAnyNumberOfMasters(int count) {
		for (String stream : List.of("orders", "bills", "eu:orders", "Aufträge")) {
			List<String> names = PartitionLayout.first(stream, count).partitions();
			for (int masters : new int[] { 1, 2, 3, 4, 5, 6, 12 }) {
				int[] each = new int[masters];
				names.forEach((name) -> each[(int) (SlotHash.getSlot(name) * (long) masters / SlotHash.SLOT_COUNT)]++);
				int fair = count / masters;
				assertThat(Arrays.stream(each).boxed()).as(stream + ": %d on %d masters", count, masters)
					.allMatch((number) -> number >= fair - 1 && number <= fair + 2);
			}
			assertThat(names).doesNotHaveDuplicates().allMatch((name) -> name.startsWith(stream + ":1:"));
		}
	}

	@Test
	void sixteenPartitionsOnThreeMastersAreSixFiveFive() {
		int[] each = new int[3];
		PartitionLayout.first("orders", 16)
			.partitions()
			.forEach(
					(name) -> each[(SlotHash.getSlot(name) <= 5460) ? 0 : (SlotHash.getSlot(name) <= 10922) ? 1 : 2]++);

		assertThat(each).containsOnly(5, 6);
	}

	@Test
	void streamsDoNotMeetInOneSlot() {
		List<Integer> slots = List.of("orders", "bills", "mails", "users")
			.stream()
			.map((stream) -> SlotHash.getSlot(PartitionLayout.first(stream, 4).partitions().get(0)))
			.toList();

		assertThat(slots).doesNotHaveDuplicates();
	}

	@ParameterizedTest
	@ValueSource(strings = { "customer-%d", "%d", "%08d", "cust-%05d-eu", "%X", "01890a5d-ac96-774b-bcce-%012d" })
	void keysSpreadEvenlyWhateverTheirStep(String pattern) {
		PartitionLayout layout = PartitionLayout.first("orders", 16);
		for (int step : new int[] { 1, 2, 5, 10, 16, 256, 1000 }) {
			Map<String, Integer> numbers = new HashMap<>();
			for (int i = 0; i < 1600; i++) {
				numbers.merge(layout.partition(pattern.formatted(i * step)), 1, Integer::sum);
			}

			assertThat(numbers).as("step %d", step).hasSize(16);
			assertThat(numbers.values()).as("step %d", step).allMatch((number) -> number > 60 && number < 145);
		}
	}

	@Test
	void layoutIsReadAsItWasWritten() {
		PartitionLayout layout = PartitionLayout.first("orders", 3);

		assertThat(PartitionLayout.of("orders", layout.fields())).isEqualTo(layout);
	}

	@ParameterizedTest
	@CsvSource({ "count, x", "count, 0", "count, 257", "count, 4", "generation, 0", "1, ''" })
	void damagedLayoutIsRefused(String field, String value) {
		Map<String, String> fields = new HashMap<>(PartitionLayout.first("orders", 3).fields());
		fields.put(field, value);

		assertThatExceptionOfType(DamagedLayoutException.class).isThrownBy(() -> PartitionLayout.of("orders", fields))
			.withMessageContainingAll("{orders}:partitions", "field");
	}

	@ParameterizedTest
	@CsvSource({ "6, 6", "9, 9", "3, 0", "2, 0", "4, 0", "256, 0" })
	void isRaisedToMultiplesOnly(String announced, int raising) {
		Map<String, String> fields = new HashMap<>(PartitionLayout.first("orders", 3).fields());
		fields.put("raising", announced);

		assertThat(PartitionLayout.of("orders", fields).raising()).isEqualTo(raising);
	}

	@Test
	void refusesWhatCannotBe() {
		assertThatIllegalArgumentException().isThrownBy(() -> PartitionLayout.requireCount(0))
			.withMessage("'partitions' must be from 1 to 256, was 0");
		assertThat(PartitionLayout.refusal("{orders}:eu")).contains("braces");
		assertThat(PartitionLayout.refusal("orders:eu")).isNull();
	}

}
