package dev.pubsub.redis.test.virtual;

import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * What the {@link VirtualTimeLoader} puts in the place of the methods of the JDK that
 * wait, or depend on time or chance. Without a world they do what the JDK does.
 */
public final class TimeRedirects {

	private static final int YIELD_ONE_IN = 64;

	private TimeRedirects() {
	}

	private static VirtualTime world() {
		VirtualTime world = VirtualTime.current();
		if (world == null) {
			throw new IllegalStateException("This thread is not part of a virtual world");
		}
		return world;
	}

	public static long nanoTime() {
		return world().look();
	}

	public static void park(Object blocker) {
		world().park(-1);
	}

	public static void parkNanos(Object blocker, long nanos) {
		parkNanos(nanos);
	}

	public static void parkNanos(long nanos) {
		if (nanos > 0) {
			world().park(nanos);
		}
	}

	public static void unpark(@Nullable Thread thread) {
		if (thread instanceof VirtualThread virtual && virtual.world != null) {
			virtual.world.unpark(virtual);
		}
		else {
			LockSupport.unpark(thread);
		}
	}

	public static void onSpinWait() {
		if (Thread.currentThread() instanceof VirtualThread) {
			world().park(1000);
		}
	}

	public static void lock(ReentrantLock lock) {
		lock.lock();
		if (Thread.currentThread() instanceof VirtualThread thread) {
			thread.locks++;
		}
	}

	public static void unlock(ReentrantLock lock) {
		if (Thread.currentThread() instanceof VirtualThread thread) {
			thread.locks--;
		}
		lock.unlock();
	}

	public static void interrupt(Thread thread) {
		thread.interrupt();
		if (thread instanceof VirtualThread virtual && virtual.world != null) {
			virtual.world.interrupted(virtual);
		}
	}

	public static boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
		return world().await(condition, nanos);
	}

	/**
	 * Sleep, as a handler may.
	 */
	public static void sleepFor(long nanos) throws InterruptedException {
		world().await(() -> false, nanos);
	}

	/**
	 * Sleep, whoever interrupts.
	 */
	public static void sleepOn(long nanos) {
		long end = nanoTime() + nanos;
		boolean interrupted = false;
		while (end - nanoTime() > 0) {
			interrupted |= Thread.interrupted();
			parkNanos(end - nanoTime());
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	public static <T extends @Nullable Object> T get(Future<T> future, long time, TimeUnit unit)
			throws InterruptedException, ExecutionException, TimeoutException {
		if (!awaitDone(future, unit.toNanos(time))) {
			throw new TimeoutException();
		}
		return future.get();
	}

	public static <T extends @Nullable Object> T get(CompletableFuture<T> future, long time, TimeUnit unit)
			throws InterruptedException, ExecutionException, TimeoutException {
		return get((Future<T>) future, time, unit);
	}

	public static <T extends @Nullable Object> T join(CompletableFuture<T> future) {
		try {
			if (!awaitDone(future, -1)) {
				throw new CompletionException(new CancellationException("Its process is dead"));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CompletionException(ex);
		}
		return future.join();
	}

	private static boolean awaitDone(Future<?> future, long nanos) throws InterruptedException {
		if (future.isDone()) {
			return true;
		}
		if (Thread.currentThread() instanceof VirtualThread thread) {
			if (future instanceof CompletableFuture<?> completable) {
				completable.whenComplete((result, failure) -> unpark(thread));
			}
			else if (future instanceof VirtualExecutor.Task<?> task) {
				task.setWaiting(thread);
			}
		}
		return world().await(future::isDone, nanos);
	}

	public static double nextDouble(ThreadLocalRandom random) {
		return world().random().nextDouble();
	}

	public static long nextLong(ThreadLocalRandom random, long from, long to) {
		return from + Math.floorMod(world().random().nextLong(), to - from);
	}

	public static long nextLong(ThreadLocalRandom random, long to) {
		return nextLong(random, 0, to);
	}

	public static int nextInt(ThreadLocalRandom random, int to) {
		return world().random().nextInt(to);
	}

	public static int nextInt(ThreadLocalRandom random, int from, int to) {
		return from + world().random().nextInt(to - from);
	}

	public static UUID randomUUID() {
		return new UUID(world().random().nextLong(), world().random().nextLong());
	}

	public static boolean never() {
		return false;
	}

	public static boolean mostly() {
		return world().random().nextInt(3) > 0;
	}

	/**
	 * A place where memory may be short.
	 */
	public static void breakOff() {
		world().breakOff();
	}

	/**
	 * A place where another thread may go first.
	 */
	public static void point() {
		if (Thread.currentThread() instanceof VirtualThread thread && thread.world != null) {
			thread.world.yieldSometimes(YIELD_ONE_IN);
		}
	}

}
