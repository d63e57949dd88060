package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.pubsub.redis.test.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Entries whose payloads come apart from the script that gives them out.
 */
class EntriesApartIntegrationTests extends GroupScriptsTest {

	private static final ReplyLimit TWO = new ReplyLimit(1_000_000, 1_000_000, 2, false);

	EntriesApartIntegrationTests(TestRedis redis) {
		super(redis);
	}

	private EntryId add(String consumer) {
		String id = this.redis.xadd(this.stream, Map.of("item", "apple"));
		this.redis.execute("XREADGROUP", "GROUP", "billing", consumer, "STREAMS", this.stream, ">");
		return EntryId.parse(id);
	}

	private static List<TakenEntry> get(CompletableFuture<List<TakenEntry>> taken) {
		return taken.orTimeout(5, TimeUnit.SECONDS).join();
	}

	private List<Long> deliveries() {
		return this.redis.executeForList("XPENDING", this.stream, "billing", "-", "+", "10")
			.stream()
			.map((entry) -> (Long) ((List<?>) entry).get(3))
			.toList();
	}

	@Test
	void takesWhatThereIsRoomForAndTouchesNothingElse() {
		List<EntryId> ids = List.of(add("c1"), add("c1"), add("c1"));

		List<TakenEntry> taken = get(this.scripts.take(ids, TWO));

		assertThat(taken).extracting(TakenEntry::isLeftOut).containsExactly(false, false, true);
		assertThat(taken.get(1).entry().fields().getText("item")).isEqualTo("apple");
		assertThat(taken.get(1).pending().deliveries()).isEqualTo(1);
		assertThat(deliveries()).containsExactly(1L, 1L, 1L);
	}

	@Test
	void claimsWhatThereIsRoomForAndCountsIt() {
		List<EntryId> ids = List.of(add("c2"), add("c2"), add("c2"));

		List<TakenEntry> claimed = get(this.scripts.claim(Duration.ZERO, ids, TWO));

		assertThat(claimed).extracting(TakenEntry::isLeftOut).containsExactly(false, false, true);
		assertThat(claimed.get(0).entry().fields().getText("item")).isEqualTo("apple");
		assertThat(claimed.get(0).pending().consumer()).isEqualTo("c2");
		assertThat(deliveries()).containsExactly(2L, 2L, 1L);
	}

	@Test
	void entryOfAnotherConsumerIsNotTaken() {
		EntryId id = add("c2");

		assertThat(get(this.scripts.take(List.of(id), TWO))).extracting(TakenEntry::ownership)
			.containsExactly(Ownership.LOST);
	}

	@Test
	void deletedEntryIsGone() {
		EntryId first = add("c1");
		EntryId second = add("c2");
		this.redis.execute("XDEL", this.stream, first.toString(), second.toString());

		assertThat(get(this.scripts.take(List.of(first), TWO))).extracting(TakenEntry::ownership)
			.containsExactly(Ownership.PAYLOAD_GONE);
		assertThat(get(this.scripts.claim(Duration.ZERO, List.of(second), TWO))).extracting(TakenEntry::ownership)
			.containsExactly(Ownership.PAYLOAD_GONE);
	}

}
