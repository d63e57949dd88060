package dev.pubsub.redis.internal.delivery;

import java.util.List;

import dev.pubsub.redis.EntryFields;
import dev.pubsub.redis.internal.redis.EntryId;

/**
 * Entries that Redis delivered and whose payloads were removed meanwhile: each is
 * reported once, and in flight until Redis confirms its acknowledgement. Thread-safe.
 */
final class MissingPayloads {

	private final InFlightMessages inFlight;

	private final AckBatcher acks;

	private final MessageReporter reporter;

	MissingPayloads(InFlightMessages inFlight, AckBatcher acks, MessageReporter reporter) {
		this.inFlight = inFlight;
		this.acks = acks;
		this.reporter = reporter;
	}

	/**
	 * Acknowledge entries. One that a handler has is left to that, unless it is stuck.
	 */
	void acknowledge(List<EntryId> ids) {
		for (EntryId id : ids) {
			InFlightMessage message = new InFlightMessage(id, EntryFields.of(), 1, 0, 0);
			InFlightMessage held = this.inFlight.add(message);
			if (held != null && held.stage() == Stage.STUCK) {
				this.inFlight.replace(message);
			}
			else if (held != null) {
				continue;
			}
			this.inFlight.move(message, Stage.QUEUED, Stage.SETTLING);
			this.acks.add(message);
			this.reporter.reportLost(id);
		}
		this.acks.flush();
	}

}
