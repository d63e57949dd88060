package dev.pubsub.redis.test.virtual;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A world with a time of its own, in which one thing happens at a time: a timer ends, a
 * reply arrives, a thread runs until it waits. What comes first of all that is due is
 * decided by chance, and chance by a seed. For the one thread that runs it, and the
 * {@link VirtualThread}s whose turn it is.
 */
public final class VirtualTime {

	private static final ThreadLocal<@Nullable VirtualTime> OF_THREAD = new ThreadLocal<>();

	private static final int MOST_ROUNDS = 100_000;

	private final Random random;

	private final PriorityQueue<Item> items = new PriorityQueue<>();

	private final Deque<VirtualThread> idle = new ArrayDeque<>();

	private final Semaphore baton = new Semaphore(0);

	private long now = 1_000_000_000L;

	private long steps;

	private int threads;

	private int breaksOff;

	private @Nullable Throwable failure;

	private @Nullable VirtualProcess running;

	public VirtualTime(long seed) {
		this.random = new Random(seed);
	}

	static @Nullable VirtualTime current() {
		return (Thread.currentThread() instanceof VirtualThread thread) ? thread.world : OF_THREAD.get();
	}

	public VirtualProcess process(String name) {
		return new VirtualProcess(this, name);
	}

	/**
	 * Return the time, in nanoseconds.
	 */
	public long now() {
		return this.now;
	}

	/**
	 * Return the time as the code that runs sees it: each look takes a little of it.
	 */
	long look() {
		VirtualProcess process = process();
		this.now += 50;
		return this.now + ((process != null) ? process.ahead : 0);
	}

	public Random random() {
		return this.random;
	}

	public long steps() {
		return this.steps;
	}

	/**
	 * Return why the run failed: something broke off or blocked where it must not.
	 */
	public @Nullable Throwable failure() {
		return this.failure;
	}

	public void fail(Throwable why) {
		if (this.failure == null) {
			this.failure = why;
		}
	}

	/**
	 * Have something happen.
	 * @param delay nanoseconds from now
	 * @param process where, nothing for what no process can stop
	 */
	public Item after(long delay, @Nullable VirtualProcess process, Runnable action) {
		return add(new Item(this.now + Math.max(0, delay), this.random.nextInt(), process, action, null));
	}

	/**
	 * Have something happen now that was held up.
	 */
	void again(Item item) {
		item.at = this.now;
		add(item);
	}

	private Item add(Item item) {
		this.items.add(item);
		return item;
	}

	/**
	 * Run until a condition holds, nothing is left to happen, or the time is up.
	 * @return whether the condition holds
	 */
	public boolean run(BooleanSupplier until, Duration atMost) {
		long end = this.now + atMost.toNanos();
		OF_THREAD.set(this);
		try {
			while (this.failure == null && !until.getAsBoolean()) {
				Item next = this.items.peek();
				if (next == null || next.at > end) {
					this.now = Math.max(this.now, end);
					return until.getAsBoolean();
				}
				this.items.poll();
				happen(next);
			}
			return this.failure == null;
		}
		finally {
			OF_THREAD.remove();
		}
	}

	private void happen(Item item) {
		VirtualProcess process = item.process;
		if (item.cancelled || (process != null && process.isDead())) {
			return;
		}
		this.now = Math.max(this.now, item.at);
		if (process != null && process.isFrozen()) {
			process.hold(item);
			return;
		}
		this.steps++;
		this.running = process;
		try {
			if (item.thread != null) {
				resume(item.thread);
			}
			else {
				item.action.run();
			}
		}
		catch (Throwable ex) {
			fail(ex);
		}
		finally {
			this.running = null;
		}
	}

	private @Nullable VirtualProcess process() {
		return (Thread.currentThread() instanceof VirtualThread thread) ? thread.process : this.running;
	}

	/**
	 * Do something in the name of a process, at once.
	 */
	public void in(VirtualProcess process, Runnable action) {
		VirtualProcess before = this.running;
		VirtualTime world = OF_THREAD.get();
		this.running = process;
		OF_THREAD.set(this);
		try {
			action.run();
		}
		finally {
			this.running = before;
			OF_THREAD.set(world);
		}
	}

	void start(VirtualProcess process, Runnable task) {
		if (process.isGone()) {
			return;
		}
		VirtualThread thread = this.idle.poll();
		if (thread == null) {
			thread = new VirtualThread();
			thread.start();
		}
		thread.world = this;
		thread.process = process;
		thread.task = task;
		thread.number = ++this.threads;
		thread.permit = false;
		thread.locks = 0;
		process.threads.add(thread);
		schedule(thread, 0);
	}

	private void schedule(VirtualThread thread, long delay) {
		Item before = thread.wakeUp;
		if (before != null) {
			before.cancelled = true;
		}
		VirtualProcess process = thread.process;
		thread.wakeUp = add(new Item(this.now + delay, this.random.nextInt(), process, () -> {
		}, thread));
	}

	private void resume(VirtualThread thread) {
		thread.wakeUp = null;
		thread.parked = false;
		thread.turn.release();
		this.baton.acquireUninterruptibly();
	}

	void taskEnded(VirtualThread thread) {
		VirtualProcess process = thread.process;
		if (process != null) {
			process.threads.remove(thread);
		}
		thread.task = null;
		this.idle.add(thread);
		this.baton.release();
	}

	void threadEnded(VirtualThread thread, Throwable ex) {
		VirtualProcess process = thread.process;
		if (process == null || !process.isDead()) {
			fail(new AssertionError("A thread of " + process + " broke off", ex));
		}
	}

	/**
	 * Let the thread that calls wait until it is woken, interrupted or the time is up.
	 * @param nanos negative to wait for ever
	 */
	void park(long nanos) {
		if (!(Thread.currentThread() instanceof VirtualThread thread)) {
			AssertionError blocked = new AssertionError("Blocks on the thread of a timer or of the driver");
			fail(blocked);
			throw blocked;
		}
		VirtualProcess process = thread.process;
		if (thread.permit || thread.isInterrupted()) {
			thread.permit = false;
			return;
		}
		if (process != null && process.isDead()) {
			process.unwind();
			process.ahead += (nanos >= 0) ? nanos : 0;
			switchOut(thread);
			return;
		}
		thread.parked = true;
		if (nanos >= 0) {
			schedule(thread, nanos);
		}
		switchOut(thread);
		thread.permit = false;
	}

	/**
	 * Let everything break off now and then that may.
	 * @param oneIn how often, 0 for never
	 */
	public void setBreaksOff(int oneIn) {
		this.breaksOff = oneIn;
	}

	void breakOff() {
		VirtualProcess process = process();
		if (this.breaksOff > 0 && (process == null || !process.isDead()) && this.random.nextInt(this.breaksOff) == 0) {
			throw new OutOfMemoryError("planted");
		}
	}

	/**
	 * Let others go first now and then.
	 */
	void yieldSometimes(int oneIn) {
		if (Thread.currentThread() instanceof VirtualThread thread && thread.locks == 0
				&& this.random.nextInt(oneIn) == 0) {
			VirtualProcess process = thread.process;
			if (process != null && !process.isDead()) {
				schedule(thread, this.random.nextInt(200_000));
				switchOut(thread);
			}
		}
	}

	private void switchOut(VirtualThread thread) {
		this.baton.release();
		thread.turn.acquireUninterruptibly();
	}

	void unpark(VirtualThread thread) {
		if (thread.parked) {
			thread.parked = false;
			thread.permit = true;
			schedule(thread, this.random.nextInt(50_000));
		}
		else {
			thread.permit = true;
		}
	}

	void interrupted(VirtualThread thread) {
		if (thread.parked) {
			thread.parked = false;
			schedule(thread, this.random.nextInt(50_000));
		}
	}

	/**
	 * Wait for a condition that another step makes true.
	 * @param nanos negative to wait for ever
	 * @return whether it holds
	 */
	boolean await(BooleanSupplier condition, long nanos) throws InterruptedException {
		long end = look() + nanos;
		while (!condition.getAsBoolean()) {
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
			VirtualProcess process = process();
			long left = end - look();
			if (nanos >= 0 && left <= 0) {
				return condition.getAsBoolean();
			}
			park((nanos >= 0) ? left : -1);
			if (process != null && process.isDead()) {
				return condition.getAsBoolean();
			}
		}
		return true;
	}

	/**
	 * Let the threads of a dead process run until they end.
	 */
	void drain(VirtualProcess process) {
		for (int round = 0; !process.threads.isEmpty(); round++) {
			if (round > MOST_ROUNDS) {
				fail(new AssertionError("Threads of " + process + " do not end: " + stacks(process)));
				return;
			}
			if (round > MOST_ROUNDS / 4) {
				process.setUnwinding();
			}
			new ArrayList<>(process.threads).forEach((thread) -> {
				Item wakeUp = thread.wakeUp;
				if (wakeUp != null) {
					wakeUp.cancelled = true;
				}
				process.ahead += 1_000_000;
				if (process.threads.contains(thread)) {
					resume(thread);
				}
			});
		}
	}

	private static String stacks(VirtualProcess process) {
		StringBuilder text = new StringBuilder();
		process.threads.forEach((thread) -> {
			for (StackTraceElement frame : thread.getStackTrace()) {
				text.append("\n\t").append(frame);
			}
			text.append('\n');
		});
		return text.toString();
	}

	/**
	 * End the threads that wait for tasks.
	 */
	public void close() {
		this.idle.forEach((thread) -> {
			thread.task = null;
			thread.turn.release();
		});
		this.idle.clear();
	}

	/**
	 * Something that will happen.
	 */
	public static final class Item implements Comparable<Item> {

		private long at;

		private final int order;

		private final @Nullable VirtualProcess process;

		private final Runnable action;

		private final @Nullable VirtualThread thread;

		boolean cancelled;

		private Item(long at, int order, @Nullable VirtualProcess process, Runnable action,
				@Nullable VirtualThread thread) {
			this.at = at;
			this.order = order;
			this.process = process;
			this.action = action;
			this.thread = thread;
		}

		public void cancel() {
			this.cancelled = true;
		}

		long at() {
			return this.at;
		}

		@Override
		public int compareTo(Item other) {
			return (this.at != other.at) ? Long.compare(this.at, other.at) : Integer.compare(this.order, other.order);
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return this == other;
		}

		@Override
		public int hashCode() {
			return this.order;
		}

	}

}
