package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How soon something is sent again that no server has executed: at once where a server
 * named another one, unless they send it round in circles, else after a pause. One rule
 * for single commands, lines and sessions.
 */
public final class ResendPace {

	private static final int HOPS = 5;

	private static final long SHORTEST_MILLIS = 20;

	private static final int MOST_DOUBLINGS = 3;

	private ResendPace() {
	}

	/**
	 * Return whether it may be sent at once to the server that another one named.
	 * @param attempts how many attempts came before
	 * @return whether it need not wait
	 */
	public static boolean allowsHop(int attempts) {
		return attempts < HOPS;
	}

	/**
	 * Return how long to wait before the next attempt: about twice as long as before the
	 * last one, half of that at least, at random.
	 * @param attempts how many attempts came before
	 * @return the pause
	 */
	public static Duration pauseAfter(int attempts) {
		long longest = SHORTEST_MILLIS << Math.min(attempts, MOST_DOUBLINGS);
		return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
	}

}
