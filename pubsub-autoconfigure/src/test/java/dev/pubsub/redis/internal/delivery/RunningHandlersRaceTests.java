package dev.pubsub.redis.internal.delivery;

import java.util.List;

import dev.pubsub.redis.internal.concurrent.Races;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * Handlers that start and return while places without a run are forgotten: in every
 * interleaving a run is found from its start to its end.
 */
class RunningHandlersRaceTests {

	@Test
	void findsEachRunWhilePlacesAreForgotten() {
		Races.check(Handlers.class, 2, 0, 2);
	}

	/**
	 * Handlers of one consumer.
	 */
	public static class Handlers {

		private final RunningHandlers handlers = new RunningHandlers();

		@Operation
		public void handle() {
			HandlerRun run = new HandlerRun(List.of(), 0);
			this.handlers.add(run);
			if (!this.handlers.isCaller() || !this.handlers.all().contains(run)) {
				throw new IllegalStateException("A run is not found");
			}
			this.handlers.remove(run);
			if (this.handlers.isCaller()) {
				throw new IllegalStateException("A run that ended is found");
			}
		}

		@Operation
		public void forgetIdle() {
			this.handlers.forgetIdle();
		}

		@Validate
		public void nothingRunsInTheEnd() {
			if (!this.handlers.isEmpty()) {
				throw new IllegalStateException("A run that ended is found");
			}
		}

	}

}
