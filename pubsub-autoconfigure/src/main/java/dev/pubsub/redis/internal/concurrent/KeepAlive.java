package dev.pubsub.redis.internal.concurrent;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Keeps the JVM from ending while it is held. All other threads of the engine are
 * daemons, and an application that does nothing but listen, or fire cron jobs, has no
 * others. Thread-safe.
 */
public final class KeepAlive {

	public static final String THREAD_NAME = "pubsub-keep-alive";

	private final AtomicReference<@Nullable CountDownLatch> held = new AtomicReference<>();

	/**
	 * Hold it, unless it is held already.
	 */
	public void hold() {
		CountDownLatch released = new CountDownLatch(1);
		if (this.held.compareAndSet(null, released)) {
			Thread thread = new Thread(() -> await(released), THREAD_NAME);
			thread.setDaemon(false);
			thread.start();
		}
	}

	/**
	 * Let go, if it is held.
	 */
	public void release() {
		CountDownLatch released = this.held.getAndSet(null);
		if (released != null) {
			released.countDown();
		}
	}

	private static void await(CountDownLatch released) {
		try {
			released.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
