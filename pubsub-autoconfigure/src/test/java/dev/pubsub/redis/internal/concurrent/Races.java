package dev.pubsub.redis.internal.concurrent;

import org.jetbrains.kotlinx.lincheck.LinChecker;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * Goes through interleavings of a few operations with Lincheck's model checker.
 */
public final class Races {

	private Races() {
	}

	/**
	 * Run scenarios of a class, some 10 s of them.
	 * @param operations has the operations, and checks what holds in the end
	 * @param threads how many threads do something at once
	 * @param before operations before that
	 * @param perThread operations of each thread
	 */
	public static void check(Class<?> operations, int threads, int before, int perThread) {
		LinChecker.check(operations,
				new ModelCheckingOptions().iterations(5)
					.invocationsPerIteration(150)
					.threads(threads)
					.actorsPerThread(perThread)
					.actorsBefore(before)
					.actorsAfter(1)
					.minimizeFailedScenario(false));
	}

}
