package dev.pubsub.redis.internal.redis;

/**
 * What a command is sent again for.
 */
enum Patience {

	/**
	 * Nothing: the sender looks after that.
	 */
	NONE,

	/**
	 * Another server has its key, or gets it.
	 */
	MOVES,

	/**
	 * Also a server that cannot serve it now, or cannot be reached.
	 */
	OUTAGES;

	boolean bears(ErrorReply error) {
		return switch (this) {
			case NONE -> false;
			case MOVES -> error.isAboutSlot();
			case OUTAGES -> true;
		};
	}

}
