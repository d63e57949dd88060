package dev.pubsub.redis.internal.redis;

/**
 * Result of giving up an entry without its payload.
 *
 * @param outcome what became of it
 * @param owner its owner before
 * @param bytes its size
 */
public record GivenUp(Outcome outcome, String owner, long bytes) {

	static GivenUp of(Reply reply) {
		Outcome outcome = switch ((int) reply.get(0).number()) {
			case 1 -> Outcome.COPIED;
			case 2 -> Outcome.WITHOUT_FIELDS;
			case 0 -> Outcome.PAYLOAD_GONE;
			case -2 -> Outcome.TOO_MANY_FIELDS;
			default -> Outcome.NOT_CLAIMABLE;
		};
		return new GivenUp(outcome, reply.get(1).text(), reply.get(2).number());
	}

	/**
	 * What became of an entry.
	 */
	public enum Outcome {

		/**
		 * It is acknowledged, and copied where there is a dead-letter stream.
		 */
		COPIED,

		/**
		 * It is acknowledged, and there is a dead letter that names it.
		 */
		WITHOUT_FIELDS,

		/**
		 * It has too many fields for a script; nothing was done.
		 */
		TOO_MANY_FIELDS,

		/**
		 * It is pending, but deleted or trimmed.
		 */
		PAYLOAD_GONE,

		/**
		 * It is acknowledged, or somebody took it.
		 */
		NOT_CLAIMABLE

	}

}
