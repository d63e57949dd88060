package dev.pubsub.redis.internal.delivery;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.pubsub.redis.internal.redis.EntryId;
import dev.pubsub.redis.internal.redis.PendingEntry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SuspectsTests {

	private final Set<EntryId> running = new HashSet<>();

	private int mostBegun = 2;

	private final Suspects suspects = new Suspects(this.running::contains, 4, () -> this.mostBegun);

	private void add(String consumer, int first, int last) {
		for (int i = first; i <= last; i++) {
			this.suspects.add(entry(consumer, i, 3));
		}
	}

	private static PendingEntry entry(String consumer, int number, int deliveries) {
		return new PendingEntry(new EntryId(number, 0), consumer, 60_000, deliveries);
	}

	private List<Long> begin() {
		int room = this.suspects.room();
		List<EntryId> next = (room > 0) ? this.suspects.next(room) : List.of();
		if (!next.isEmpty()) {
			this.suspects.begin(next);
		}
		this.running.addAll(next);
		return next.stream().map(EntryId::millis).toList();
	}

	private void end(long number) {
		this.running.remove(new EntryId(number, 0));
	}

	@Test
	void includesWhatHasOneAttemptLeft() {
		assertThat(this.suspects.include(entry("a", 1, 3))).isTrue();
		assertThat(this.suspects.include(entry("a", 1, 2))).isFalse();
		assertThat(new Suspects(this.running::contains, 1, () -> 2).include(entry("a", 1, 0))).isFalse();
	}

	@Test
	void theFirstOnesOfEachConsumerRunAlone() {
		add("a", 1, 3);
		add("b", 4, 6);

		assertThat(begin()).containsExactly(1L);
		assertThat(begin()).isEmpty();
		end(1);
		assertThat(begin()).containsExactly(2L);
		end(2);
		assertThat(begin()).containsExactly(4L);
		end(4);
		assertThat(begin()).containsExactly(5L);
		assertThat(begin()).as("beside one that runs alone").isEmpty();
		end(5);
		assertThat(begin()).containsExactly(3L, 6L);
		assertThat(this.suspects.isAnyWaiting()).isFalse();
	}

	@Test
	void theOthersRunTogetherMoreAndMore() {
		this.mostBegun = 0;
		add("a", 1, 12);

		assertThat(begin()).containsExactly(1L, 2L);
		assertThat(begin()).isEmpty();
		end(1);
		assertThat(begin()).containsExactly(3L, 4L);
		end(2);
		end(3);
		assertThat(begin()).containsExactly(5L, 6L, 7L, 8L);
	}

	@Test
	void countsOnWhenTheyAreFoundAgain() {
		add("a", 1, 6);
		begin();
		end(1);
		begin();
		end(2);

		this.suspects.clear();
		add("a", 3, 6);

		assertThat(begin()).containsExactly(3L, 4L);
	}

	@Test
	void beginsAloneAgainAfterNoneWaited() {
		add("a", 1, 2);
		begin();
		end(1);
		begin();
		end(2);

		this.suspects.clear();
		add("a", 3, 6);

		assertThat(begin()).containsExactly(3L);
	}

	@Test
	void whatDidNotBeginWaitsOn() {
		add("a", 1, 1);

		assertThat(this.suspects.next(1)).isEqualTo(this.suspects.next(1)).hasSize(1);
		assertThat(this.suspects.isAnyWaiting()).isTrue();
	}

}
