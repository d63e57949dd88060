package dev.pubsub.sample;

/**
 * What has become of an order so far.
 *
 * @param id id of the message
 * @param status how far it got
 * @param attempts how often its handler was started
 */
record OrderStatus(String id, Status status, int attempts) {

	enum Status {

		PUBLISHED, RETRYING, HANDLED, DEAD_LETTERED

	}

}
