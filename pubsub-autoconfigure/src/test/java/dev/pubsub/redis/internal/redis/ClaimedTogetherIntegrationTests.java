package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is claimed in one step, whatever lies between.
 */
class ClaimedTogetherIntegrationTests extends GroupScriptsTest {

	private static final int MANY = 40;

	private static final ReplyLimit SMALL = new ReplyLimit(100_000, 1_000_000, 0, true);

	ClaimedTogetherIntegrationTests(TestRedis redis) {
		super(redis);
	}

	/**
	 * Let another consumer have some entries for an hour, each delivered as often as its
	 * number says.
	 */
	private List<EntryId> deliver(int count) {
		List<EntryId> ids = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			String id = this.redis.xadd(this.stream, Map.of("number", Integer.toString(i)));
			this.redis.execute("XREADGROUP", "GROUP", "billing", "c2", "STREAMS", this.stream, ">");
			claimBack(id, i + 1, "3600000");
			ids.add(EntryId.parse(id));
		}
		return ids;
	}

	private void claimBack(String id, int deliveries, String idle) {
		this.redis.execute("XCLAIM", this.stream, "billing", "c2", "0", id, "IDLE", idle, "RETRYCOUNT",
				Integer.toString(deliveries), "JUSTID");
	}

	private List<TakenEntry> claim(List<EntryId> ids, ReplyLimit limit) {
		return this.scripts.claim(Duration.ofMinutes(1), ids, limit).orTimeout(5, TimeUnit.SECONDS).join();
	}

	private List<List<Object>> pending() {
		return this.redis.executeForList("XPENDING", this.stream, "billing", "-", "+", "100")
			.stream()
			.<List<Object>>map((entry) -> new ArrayList<>((List<?>) entry))
			.toList();
	}

	private long calls(String command) {
		String statistics = this.redis.execute("INFO", "commandstats").toString();
		Matcher matcher = Pattern.compile("cmdstat_" + command + ":calls=(\\d+)").matcher(statistics);
		return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void answersForEachEntryInItsPlace(boolean small) {
		List<EntryId> ids = deliver(MANY);
		this.redis.execute("XDEL", this.stream, ids.get(20).toString());
		this.redis.execute("XACK", this.stream, "billing", ids.get(21).toString());
		claimBack(ids.get(22).toString(), 23, "1000");

		List<TakenEntry> claimed = claim(ids, small ? SMALL : ReplyLimit.NONE);

		for (int i = 0; i < MANY; i++) {
			TakenEntry entry = claimed.get(i);
			if (i == 20) {
				assertThat(entry.ownership()).isEqualTo(Ownership.PAYLOAD_GONE);
			}
			else if (i == 21 || i == 22) {
				assertThat(entry.ownership()).isEqualTo(Ownership.LOST);
			}
			else {
				assertThat(entry.entry().fields().getText("number")).isEqualTo(Integer.toString(i));
				assertThat(entry.pending().consumer()).isEqualTo("c2");
				assertThat(entry.pending().deliveries()).isEqualTo(i + 2);
				assertThat(entry.pending().idleMillis()).isGreaterThanOrEqualTo(3_600_000);
			}
		}
		// Redis 6 keeps the deleted one pending.
		assertThat(pending()).filteredOn((entry) -> entry.get(1).equals("c1"))
			.filteredOn((entry) -> !entry.get(0).equals(ids.get(20).toString()))
			.hasSize(MANY - 3);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void claimsEntriesBetweenManyOthers(boolean small) {
		List<EntryId> all = deliver(MANY);
		List<EntryId> some = Stream.of(0, 1, 2, 3, 4, 5, 6, 7, MANY - 1).map(all::get).toList();

		List<TakenEntry> claimed = claim(some, small ? SMALL : ReplyLimit.NONE);

		assertThat(claimed).extracting((entry) -> entry.pending().deliveries())
			.containsExactly(2, 3, 4, 5, 6, 7, 8, 9, MANY + 1);
		assertThat(claimed).extracting((entry) -> entry.pending().consumer()).containsOnly("c2");
		assertThat(claimed).extracting((entry) -> entry.entry().fields().getText("number"))
			.containsExactly("0", "1", "2", "3", "4", "5", "6", "7", Integer.toString(MANY - 1));
		assertThat(pending()).filteredOn((entry) -> entry.get(1).equals("c1")).hasSize(some.size());
	}

	@Test
	void claimsSmallOnesThatWereDeliveredAsOftenWithOneCommand() {
		List<EntryId> ids = deliver(MANY);
		ids.forEach((id) -> claimBack(id.toString(), 1, "3600000"));
		long ranges = calls("xrange");
		long claims = calls("xclaim");

		List<TakenEntry> claimed = claim(ids, SMALL);

		assertThat(claimed).allMatch((entry) -> entry.entry().fields() != null && entry.pending().deliveries() == 2);
		assertThat(calls("xrange") - ranges).isEqualTo(1);
		assertThat(calls("xclaim") - claims).isEqualTo(1);
	}

	/**
	 * Each of the first ten has 39 bytes.
	 */
	@Test
	void handsBackSmallOnesThatDoNotFit() {
		List<EntryId> ids = deliver(MANY);

		List<TakenEntry> claimed = claim(ids, new ReplyLimit(1000, 300, 0, true));

		assertThat(claimed).filteredOn((entry) -> !entry.isLeftOut()).hasSize(8);
		List<List<Object>> pending = pending();
		for (int i = 0; i < MANY; i++) {
			assertThat(claimed.get(i).isLeftOut()).isEqualTo(i >= 8);
			assertThat(pending.get(i).get(3)).isEqualTo((i < 8) ? i + 2L : i + 1L);
			assertThat((Long) pending.get(i).get(2) >= 3_600_000).isEqualTo(i >= 8);
		}
	}

	@Test
	void bringsTheSizeOnlyOfOneThatIsNotSmallAfterAll() {
		List<EntryId> ids = new ArrayList<>(deliver(12));
		String large = this.redis.xadd(this.stream, Map.of("number", "x".repeat(5000)));
		this.redis.execute("XREADGROUP", "GROUP", "billing", "c2", "STREAMS", this.stream, ">");
		claimBack(large, 1, "3600000");
		ids.add(EntryId.parse(large));

		List<TakenEntry> claimed = claim(ids, new ReplyLimit(1000, 100_000, 0, true));

		assertThat(claimed.subList(0, 12)).allMatch((entry) -> entry.entry().fields() != null);
		assertThat(claimed.get(12).entry().isLeftOut()).isTrue();
		assertThat(claimed.get(12).entry().bytes()).isEqualTo(5038);
		assertThat(claimed.get(12).pending().deliveries()).isEqualTo(2);
	}

	/**
	 * Each of the first ten has 39 bytes.
	 */
	@Test
	void leavesAloneWhatDoesNotFit() {
		List<EntryId> ids = deliver(MANY);

		List<TakenEntry> claimed = claim(ids, new ReplyLimit(1000, 300, 0, false));

		int taken = (int) claimed.stream().filter((entry) -> !entry.isLeftOut()).count();
		assertThat(taken).isEqualTo(8);
		List<List<Object>> pending = pending();
		for (int i = 0; i < MANY; i++) {
			assertThat(claimed.get(i).isLeftOut()).isEqualTo(i >= taken);
			assertThat(pending.get(i).get(1)).isEqualTo((i < taken) ? "c1" : "c2");
			assertThat(pending.get(i).get(3)).isEqualTo((i < taken) ? i + 2L : i + 1L);
			if (i >= taken) {
				assertThat((Long) pending.get(i).get(2)).isGreaterThanOrEqualTo(3_600_000);
			}
		}
	}

	@Test
	void bringsNoPayloadOfAnyWhereThatIsWanted() {
		List<EntryId> ids = deliver(MANY);

		List<TakenEntry> claimed = claim(ids, ReplyLimit.NO_PAYLOAD);

		assertThat(claimed).noneMatch(TakenEntry::isLeftOut);
		assertThat(pending()).extracting((entry) -> entry.get(1)).containsOnly("c1");
		assertThat(pending()).extracting((entry) -> entry.get(3)).startsWith(2L, 3L, 4L);
	}

	/**
	 * A size that nobody could know before: small ones came first.
	 */
	@Test
	void handsBackLargeEntriesThatWereClaimedWithSmallOnes() {
		List<EntryId> ids = new ArrayList<>(deliver(12));
		for (int i = 0; i < 8; i++) {
			String id = this.redis.xadd(this.stream, Map.of("number", "x".repeat(1000)));
			this.redis.execute("XREADGROUP", "GROUP", "billing", "c2", "STREAMS", this.stream, ">");
			claimBack(id, 1, "3600000");
			ids.add(EntryId.parse(id));
		}

		List<TakenEntry> claimed = claim(ids, new ReplyLimit(2000, 2000, 0, false));

		assertThat(claimed.subList(12, 14)).extracting(TakenEntry::isLeftOut).containsExactly(false, false);
		assertThat(claimed.subList(14, 20)).allMatch(TakenEntry::isLeftOut);
		assertThat(pending().subList(14, 20)).allSatisfy((entry) -> {
			assertThat(entry.get(1)).isEqualTo("c2");
			assertThat(entry.get(3)).isEqualTo(1L);
		});
	}

}
