package dev.pubsub.redis.internal.delivery;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReadBudgetTests {

	private static final int KB = 1024;

	private final HeapShare share = new HeapShare();

	private final ReadBudget budget = new ReadBudget(128, 8192 * KB, 16384 * KB, this.share);

	@Test
	void boundsReadsOfSmallEntriesByTheirCountOnly() {
		this.budget.succeeded(KB);

		assertThat(this.budget.room(128, 200, 10)).isEqualTo(128);
	}

	@Test
	void boundsReadsAndWhatWaitsByTheirBytes() {
		this.budget.succeeded(1024 * KB);

		assertThat(this.budget.room(128, 0, 0)).isEqualTo(8);
		assertThat(this.budget.room(128, 5, 2)).isEqualTo(3);
		assertThat(this.budget.room(128, 8, 2)).isZero();
	}

	@Test
	void boundsWhatIsHandledAtOnceByAnEighthOfTheHeap() {
		this.budget.succeeded(8192 * KB);

		assertThat(this.budget.room(10, 0, 0)).isEqualTo(1);
		assertThat(this.budget.room(10, 0, 1)).isEqualTo(1);
		assertThat(this.budget.room(10, 0, 2)).isZero();
	}

	@Test
	void sharesThatWithOtherConsumersOfLargeEntries() {
		ReadBudget other = new ReadBudget(128, 8192 * KB, 16384 * KB, this.share);
		this.budget.succeeded(8192 * KB);
		other.succeeded(8192 * KB);

		assertThat(this.budget.room(10, 0, 1)).isZero();

		other.end();
		assertThat(this.budget.room(10, 0, 1)).isEqualTo(1);
	}

	@Test
	void largeEntriesComeApartFromTheirScript() {
		this.budget.succeeded(KB);
		assertThat(this.budget.limit(0).apart()).isZero();

		this.budget.succeeded(2048 * KB);
		assertThat(this.budget.limit(0).apart()).isEqualTo(4);
		assertThat(this.budget.limit(7000 * KB).apart()).isEqualTo(1);
	}

	@Test
	void entriesAreSmallOnceTheyAreKnownToBe() {
		assertThat(this.budget.limit(0).small()).isFalse();

		this.budget.succeeded(KB);
		assertThat(this.budget.limit(0).small()).isTrue();

		this.budget.failed();
		assertThat(this.budget.limit(0).small()).isFalse();

		this.budget.succeeded(20 * KB);
		assertThat(this.budget.limit(0).small()).isFalse();
	}

	@Test
	void entriesComeOneAtATimeAfterAFailure() {
		this.budget.failed();
		assertThat(this.budget.limit(0).apart()).isEqualTo(1);

		this.budget.succeeded(KB);
		assertThat(this.budget.limit(0).apart()).isZero();
	}

	@Test
	void alwaysReadsOneWhereNothingIsHandled() {
		this.budget.succeeded(100_000 * KB);

		assertThat(this.budget.room(128, 0, 0)).isEqualTo(1);
		assertThat(this.budget.room(128, 0, 1)).isZero();
	}

	@Test
	void forgetsALargeEntryAfterAWhile() {
		this.budget.succeeded(8192 * KB);
		for (int i = 0; i < 60; i++) {
			this.budget.succeeded(KB);
		}

		assertThat(this.budget.room(128, 0, 0)).isEqualTo(128);
	}

	@Test
	void asksForOneAfterAFailureAndThenForMoreAndMore() {
		this.budget.failed();
		assertThat(this.budget.room(128, 0, 0)).isEqualTo(1);
		assertThat(this.budget.page(100)).isEqualTo(1);

		this.budget.succeeded(KB);
		this.budget.succeeded(KB);
		assertThat(this.budget.page(100)).isEqualTo(4);

		for (int i = 0; i < 8; i++) {
			this.budget.succeeded(KB);
		}
		assertThat(this.budget.room(128, 0, 0)).isEqualTo(128);
	}

	@Test
	void halvesTheBytesWithEachFailureButNotForEver() {
		this.budget.failed();
		assertThat(this.budget.bytes()).isEqualTo(4096 * KB);
		for (int i = 0; i < 20; i++) {
			this.budget.failed();
		}

		assertThat(this.budget.bytes()).isEqualTo(64 * KB);
		for (int i = 0; i < 20; i++) {
			this.budget.succeeded(KB);
		}
		assertThat(this.budget.bytes()).isEqualTo(8192 * KB);
	}

}
