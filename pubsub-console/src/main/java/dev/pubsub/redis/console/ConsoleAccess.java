package dev.pubsub.redis.console;

/**
 * What the console may do.
 *
 * @since 0.1.0
 */
public enum ConsoleAccess {

	/**
	 * Look at everything.
	 */
	READ_ONLY,

	/**
	 * Act, too: pause, redrive, discard, trigger, delete.
	 */
	UNRESTRICTED

}
