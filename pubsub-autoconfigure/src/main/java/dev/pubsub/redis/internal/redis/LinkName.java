package dev.pubsub.redis.internal.redis;

/**
 * What a link is for and where it leads, in messages.
 *
 * @param purpose what it is for
 * @param server address of the server, without credentials
 */
record LinkName(String purpose, String server) {

	@Override
	public String toString() {
		return this.server + " (" + this.purpose + " connection)";
	}

}
