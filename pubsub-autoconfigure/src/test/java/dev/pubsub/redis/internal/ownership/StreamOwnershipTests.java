package dev.pubsub.redis.internal.ownership;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.pubsub.redis.internal.redis.OutageLog;
import dev.pubsub.redis.internal.redis.OwnerGrant;
import dev.pubsub.redis.internal.redis.OwnerLease;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class StreamOwnershipTests {

	private static final Duration LEASE = Duration.ofSeconds(30);

	private final FakeLease redis = new FakeLease();

	private long now;

	private final Instance one = new Instance("a");

	private final Instance two = new Instance("b");

	@Test
	void gainsAFreeStream() {
		this.one.ownership.start();
		this.one.turn();

		assertThat(this.one.told).containsExactly("gained a1");
		assertThat(this.one.tenure().isValid(this.now)).isTrue();
		assertThat(this.one.next).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void waitsWhileAnotherInstanceOwnsTheStream() {
		this.one.begin();
		this.two.begin();

		assertThat(this.two.told).isEmpty();
		assertThat(this.two.next).isEqualTo(Duration.ofSeconds(1));
		OwnerGrant holder = this.two.ownership.holder();
		assertThat(holder).isNotNull();
		assertThat(holder.owner()).isEqualTo("a1");
	}

	@Test
	void keepsTheStreamByRenewing() {
		this.one.begin();
		this.two.begin();
		for (int i = 0; i < 10; i++) {
			advance(10);
			this.one.turn();
			this.two.turn();
		}

		assertThat(this.one.told).containsExactly("gained a1");
		assertThat(this.two.told).isEmpty();
		assertThat(this.one.tenure().isValid(this.now)).isTrue();
	}

	@Test
	void takesOverWhenTheLeaseRanOut() {
		this.one.begin();
		this.two.begin();
		advance(31);
		this.two.turn();

		assertThat(this.two.told).containsExactly("gained b1");
		assertThat(this.two.tenure().token()).isGreaterThan(this.one.tenure().token());
		assertThat(this.one.tenure().isValid(this.now)).as("by its own clock").isFalse();
	}

	@Test
	void isNotValidBeforeAnotherInstanceCanHaveTheStream() {
		this.one.begin();
		advance(28);

		assertThat(this.one.tenure().isValid(this.now)).isFalse();
		this.two.begin();
		assertThat(this.two.told).isEmpty();
	}

	@Test
	void countsTheLeaseFromBeforeItWasAskedFor() {
		this.redis.hold = true;
		this.one.begin();
		advance(28);
		this.redis.answer();

		assertThat(this.one.told).containsExactly("gained a1");
		assertThat(this.one.tenure().isValid(this.now)).isFalse();
	}

	@Test
	void losesTheStreamWhenARenewalIsRefused() {
		this.one.begin();
		Tenure tenure = this.one.tenure();
		advance(31);
		this.two.begin();
		this.one.turn();

		assertThat(this.one.told).containsExactly("gained a1", "lost a1");
		assertThat(tenure.isValid(this.now)).isFalse();
		assertThat(this.one.ownership.tenure()).isNull();
	}

	@Test
	void waitsForTheEndOfItsLastTenureBeforeTheNext() {
		this.one.begin();
		advance(31);
		this.two.begin();
		this.one.ends = new CompletableFuture<>();
		this.one.turn();
		advance(31);
		this.one.turn();
		assertThat(this.one.told).containsExactly("gained a1", "lost a1");

		this.one.ends.complete(null);
		this.one.turn();

		assertThat(this.one.told).containsExactly("gained a1", "lost a1", "gained a2");
	}

	@Test
	void keepsTheStreamThroughAnOutageThatNoOtherInstanceUsed() {
		this.one.begin();
		this.redis.down = true;
		advance(60);
		this.one.turn();
		assertThat(this.one.tenure().isValid(this.now)).isFalse();
		assertThat(this.one.next).isEqualTo(Duration.ofSeconds(1));

		this.redis.down = false;
		this.one.turn();

		assertThat(this.one.told).containsExactly("gained a1");
		assertThat(this.one.tenure().isValid(this.now)).isTrue();
	}

	@Test
	void handsOverAtOnceWhenItIsReleased() {
		this.one.begin();
		this.two.begin();
		this.one.ownership.withdraw();
		advance(10);
		this.one.turn();
		assertThat(this.one.tenure().isValid(this.now)).as("renewed until the end").isTrue();

		this.one.ownership.release();
		this.two.turn();

		assertThat(this.two.told).containsExactly("gained b1");
		this.one.turn();
		assertThat(this.one.told).containsExactly("gained a1");
	}

	@Test
	void gainsNothingAfterItWasWithdrawn() {
		this.redis.hold = true;
		this.one.begin();
		this.one.ownership.withdraw();
		this.redis.answer();
		this.redis.hold = false;

		assertThat(this.one.told).isEmpty();
		this.two.begin();
		assertThat(this.two.told).as("what was granted meanwhile is released").containsExactly("gained b1");
	}

	@Test
	void strivesAgainAfterAStop() {
		this.one.begin();
		this.one.ownership.withdraw();
		this.one.ownership.release();
		this.one.begin();

		assertThat(this.one.told).containsExactly("gained a1", "gained a2");
	}

	private void advance(int seconds) {
		this.now += TimeUnit.SECONDS.toNanos(seconds);
	}

	/**
	 * An instance of an application.
	 */
	private final class Instance implements StreamOwnership.Tenant {

		private final List<String> told = new ArrayList<>();

		private final StreamOwnership ownership;

		private int number;

		private @Nullable Duration next;

		private CompletableFuture<Void> ends = CompletableFuture.completedFuture(null);

		Instance(String name) {
			this.ownership = new StreamOwnership(StreamOwnershipTests.this.redis, LEASE, () -> name + ++this.number,
					this, () -> StreamOwnershipTests.this.now, (delay) -> this.next = delay,
					new OutageLog(LoggerFactory.getLogger(getClass()), "Owning", () -> StreamOwnershipTests.this.now));
		}

		void begin() {
			this.ownership.start();
			turn();
		}

		void turn() {
			this.ownership.turn();
		}

		Tenure tenure() {
			Tenure tenure = this.ownership.tenure();
			assertThat(tenure).isNotNull();
			return tenure;
		}

		@Override
		public void answered() {
		}

		@Override
		public void gained(Tenure tenure) {
			this.told.add("gained " + tenure.owner());
		}

		@Override
		public CompletableFuture<Void> lost(Tenure tenure) {
			this.told.add("lost " + tenure.owner());
			return this.ends;
		}

	}

	/**
	 * The lease in memory, as the scripts have it.
	 */
	private final class FakeLease implements OwnerLease {

		private final Deque<Runnable> answers = new ArrayDeque<>();

		private String owner = "";

		private long token;

		private long until;

		private boolean down;

		private boolean hold;

		@Override
		public CompletableFuture<OwnerGrant> acquire(String name) {
			return answer(() -> {
				boolean free = this.owner.isEmpty() || this.owner.equals(name)
						|| this.until - StreamOwnershipTests.this.now <= 0;
				if (free) {
					this.owner = name;
					this.token++;
					this.until = StreamOwnershipTests.this.now + LEASE.toNanos();
				}
				return grant(free);
			});
		}

		@Override
		public CompletableFuture<OwnerGrant> renew(String name, long token) {
			return answer(() -> {
				boolean same = this.owner.equals(name) && this.token == token;
				this.until = same ? StreamOwnershipTests.this.now + LEASE.toNanos() : this.until;
				return grant(same);
			});
		}

		@Override
		public CompletableFuture<Boolean> release(String name, long token) {
			return answer(() -> {
				boolean same = this.owner.equals(name) && this.token == token;
				this.owner = same ? "" : this.owner;
				return same;
			});
		}

		void answer() {
			while (!this.answers.isEmpty()) {
				this.answers.remove().run();
			}
		}

		private OwnerGrant grant(boolean granted) {
			return new OwnerGrant(granted, this.owner, this.token,
					Duration.ofNanos(Math.max(0, this.until - StreamOwnershipTests.this.now)), 0);
		}

		private <T> CompletableFuture<T> answer(Supplier<T> command) {
			if (this.down) {
				return CompletableFuture.failedFuture(new IllegalStateException("Redis is down"));
			}
			T reply = command.get();
			if (!this.hold) {
				return CompletableFuture.completedFuture(reply);
			}
			CompletableFuture<T> later = new CompletableFuture<>();
			this.answers.add(() -> later.complete(reply));
			return later;
		}

	}

}
