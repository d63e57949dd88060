package dev.pubsub.redis.internal.delivery;

import java.util.List;

import dev.pubsub.redis.internal.redis.EntryId;
import org.jspecify.annotations.Nullable;

/**
 * A claim that Redis answers while the messages of the one before are handled. Only for
 * the thread of the {@link ClaimScheduler}.
 */
final class ClaimUnderWay {

	private final Takeover takeover;

	private Takeover.@Nullable Asked asked;

	ClaimUnderWay(Takeover takeover) {
		this.takeover = takeover;
	}

	/**
	 * Return how many entries were asked for.
	 */
	int size() {
		Takeover.Asked present = this.asked;
		return (present != null) ? present.ids().size() : 0;
	}

	/**
	 * Ask for more entries, and then take those that were asked for before.
	 * @return whether those were all asked for, not when they are too large together
	 */
	boolean begin(List<EntryId> ids) throws Exception {
		Takeover.Asked next = this.takeover.ask(ids);
		Takeover.Asked before = this.asked;
		this.asked = next;
		return before == null || this.takeover.take(before);
	}

	/**
	 * Take those that were asked for.
	 * @return whether they were all asked for, not when they are too large together
	 */
	boolean end() throws Exception {
		Takeover.Asked present = this.asked;
		this.asked = null;
		return present == null || this.takeover.take(present);
	}

}
