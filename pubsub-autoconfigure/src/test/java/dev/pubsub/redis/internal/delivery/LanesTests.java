package dev.pubsub.redis.internal.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LanesTests {

	private final Lanes lanes = new Lanes();

	@Test
	void startsOneMessageOfAKeyAfterTheOther() {
		assertThat(enter("a", 1)).isTrue();
		assertThat(enter("a", 2)).isFalse();
		assertThat(enter("a", 3)).isFalse();
		assertThat(this.lanes.parked()).isEqualTo(2);

		assertThat(end(1)).isEqualTo(2);
		assertThat(end(2)).isEqualTo(3);
		assertThat(end(3)).isZero();
		assertThat(this.lanes.parked()).isZero();
	}

	@Test
	void startsMessagesOfDifferentKeysAtOnce() {
		assertThat(enter("a", 1)).isTrue();
		assertThat(enter("b", 2)).isTrue();
	}

	@Test
	void keepsTheLaneForAMessageThatIsAttemptedAgain() {
		enter("a", 1);
		enter("a", 2);

		assertThat(enter("a", 1)).as("its next attempt").isTrue();

		assertThat(this.lanes.parked()).isOne();
		assertThat(end(1)).isEqualTo(2);
	}

	@Test
	void waitsForMessagesThatDidNotArrive() {
		this.lanes.expect("a", id(1));

		assertThat(enter("a", 2)).isFalse();
		assertThat(this.lanes.isNext(id(2))).isFalse();
		assertThat(this.lanes.isNext(id(1))).isTrue();
		assertThat(enter("a", 1)).isTrue();
		assertThat(end(1)).isEqualTo(2);
	}

	@Test
	void asksForTheNextMessageThatDidNotArrive() {
		enter("a", 1);
		this.lanes.expect("a", id(2));
		enter("a", 3);

		Lanes.Next next = this.lanes.end(id(1));

		assertThat(next.claim()).isEqualTo(id(2));
		assertThat(next.start()).isNull();
		assertThat(enter("a", 2)).isTrue();
		assertThat(end(2)).isEqualTo(3);
	}

	@Test
	void goesOnWhenAMessageThatDidNotArriveEndedElsewhere() {
		this.lanes.expect("a", id(1));
		enter("a", 2);

		assertThat(end(1)).isEqualTo(2);
	}

	@Test
	void startsALateMessageBeforeThoseWithHigherIds() {
		enter("a", 2);
		enter("a", 3);

		assertThat(enter("a", 1)).as("while another one is handled").isFalse();

		assertThat(end(2)).isOne();
		assertThat(end(1)).isEqualTo(3);
	}

	@Test
	void forgetsAParkedMessageThatEnds() {
		enter("a", 1);
		enter("a", 2);
		enter("a", 3);

		assertThat(end(2)).isZero();
		assertThat(this.lanes.parked()).isOne();
		assertThat(end(1)).isEqualTo(3);
	}

	@Test
	void endsAMessageOnce() {
		enter("a", 1);
		enter("a", 2);
		end(1);

		assertThat(end(1)).isZero();
		assertThat(this.lanes.isNext(id(2))).isTrue();
	}

	@Test
	void takesAParkedMessageThatIsDeliveredAgainOnce() {
		enter("a", 1);
		enter("a", 2);

		assertThat(enter("a", 2)).isFalse();
		assertThat(this.lanes.parked()).isOne();
	}

	@Test
	void drainsParkedMessagesOnly() {
		enter("a", 1);
		enter("a", 2);
		enter("a", 3);

		assertThat(this.lanes.drain()).extracting((message) -> message.id().toString()).containsExactly("2-0", "3-0");
		assertThat(this.lanes.parked()).isZero();
		assertThat(this.lanes.drain()).isEmpty();
		assertThat(this.lanes.isNext(id(2))).isFalse();
	}

	@Test
	void keepsTheOrderOfEachKeyWhateverHappens() {
		for (int seed = 0; seed < 300; seed++) {
			new Run(seed).play();
		}
	}

	private boolean enter(String key, int number) {
		return this.lanes.enter(key, message(number));
	}

	private int end(int number) {
		InFlightMessage message = this.lanes.end(id(number)).start();
		return (message != null) ? number(message) : 0;
	}

	private static InFlightMessage message(int number) {
		return new InFlightMessage(id(number), EntryFields.of(), 1, 0, 0);
	}

	private static EntryId id(int number) {
		return EntryId.parse(number + "-0");
	}

	private static int number(InFlightMessage message) {
		return Integer.parseInt(message.id().toString().split("-")[0]);
	}

	/**
	 * Messages arrive, fail and end by chance.
	 */
	private static final class Run {

		private final Random random;

		private final Lanes lanes = new Lanes();

		private final List<Integer> running = new ArrayList<>();

		private final List<Integer> failed = new ArrayList<>();

		private final int[] last = { 0, -2, -1 };

		Run(int seed) {
			this.random = new Random(seed);
		}

		void play() {
			int next = 1;
			while (next <= 60 || !this.running.isEmpty() || !this.failed.isEmpty()) {
				switch (this.random.nextInt(3)) {
					case 0 -> {
						if (next <= 60) {
							enter(next++);
						}
					}
					case 1 -> {
						if (!this.failed.isEmpty()) {
							assertThat(enter(this.failed.remove(0))).isTrue();
						}
					}
					default -> endOne();
				}
			}
			assertThat(this.lanes.parked()).isZero();
			assertThat(this.last).containsExactly(60, 58, 59);
		}

		private boolean enter(int number) {
			boolean starts = this.lanes.enter("key " + number % 3, message(number));
			if (starts) {
				this.running.add(number);
			}
			return starts;
		}

		private void endOne() {
			if (this.running.isEmpty()) {
				return;
			}
			int number = this.running.remove(this.random.nextInt(this.running.size()));
			if (this.random.nextInt(4) == 0) {
				this.failed.add(number);
				return;
			}
			assertThat(number).as("after the one before of its key").isEqualTo(this.last[number % 3] + 3);
			this.last[number % 3] = number;
			InFlightMessage next = this.lanes.end(id(number)).start();
			if (next != null) {
				this.running.add(number(next));
			}
		}

	}

}
