package dev.pubsub.redis.internal.delivery;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.concurrent.Races;
import dev.pubsub.redis.internal.redis.EntryId;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Every interleaving of a few changes of the table gives what some order of them gives,
 * and its counts are right in the end.
 */
class InFlightMessagesRaceTests {

	@Test
	void changesHappenOneAfterTheOther() {
		Races.check(Table.class, 2, 2, 3);
	}

	/**
	 * What may be done at once.
	 */
	@Param(name = "id", gen = IntGen.class, conf = "1:2")
	@Param(name = "step", gen = IntGen.class, conf = "0:6")
	public static class Table {

		private static final Stage[] STAGES = { Stage.QUEUED, Stage.RUNNING, Stage.SETTLING, Stage.WAITING,
				Stage.HANDING_BACK, Stage.IN_REDIS, Stage.DUE };

		private final InFlightMessages messages = new InFlightMessages();

		@Operation
		public boolean add(@Param(name = "id") int id) {
			return this.messages.add(new InFlightMessage(new EntryId(id, 0), EntryFields.of(), 1, 0, 0)) == null;
		}

		/**
		 * Move a message on, from one stage to the next of those that it usually has.
		 * Another may be in its place by then, so that the result says nothing.
		 */
		@Operation
		public void move(@Param(name = "id") int id, @Param(name = "step") int step) {
			InFlightMessage message = this.messages.get(new EntryId(id, 0));
			if (message != null && step + 1 < STAGES.length) {
				this.messages.move(message, STAGES[step], STAGES[step + 1]);
			}
		}

		@Operation
		public void remove(@Param(name = "id") int id) {
			InFlightMessage message = this.messages.get(new EntryId(id, 0));
			while (message != null && !this.messages.remove(message)) {
				message = this.messages.get(new EntryId(id, 0));
			}
		}

		@Operation
		public void leave(@Param(name = "id") int id) {
			InFlightMessage message = this.messages.get(new EntryId(id, 0));
			if (message != null) {
				this.messages.leave(message);
			}
		}

		@Validate
		public void countsWhatRests() {
			long resting = this.messages.all().stream().filter((message) -> message.stage().isResting()).count();
			if (resting != this.messages.resting()) {
				throw new IllegalStateException(resting + " rest, not " + this.messages.resting());
			}
			if (this.messages.isAnyLeft() == this.messages.left().isEmpty()) {
				throw new IllegalStateException("The count of those that were left is wrong");
			}
		}

	}

}
