package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import org.jspecify.annotations.Nullable;

/**
 * Sends again what a server answered with an error without executing it: to the server it
 * named, or a little later. Never waits. Thread-safe.
 */
final class Resends {

	/**
	 * So many servers may send a command on before it waits.
	 */
	private static final int HOPS = 5;

	/**
	 * How long the last attempt has at least: without its reply it were unknown what
	 * became of the command.
	 */
	private static final Duration LAST_REPLY = Duration.ofMillis(50);

	private final RoutedLink link;

	private final Topology topology;

	private final ServerNodes nodes;

	private final BackgroundThreads threads;

	private final Duration timeout;

	private final Set<Resend<?>> delayed = ConcurrentHashMap.newKeySet();

	private final Map<NodeLink, Queue<Consumer<@Nullable Throwable>>> waiting = new ConcurrentHashMap<>();

	/**
	 * Create resends.
	 * @param link where to send
	 * @param topology learns where the keys are
	 * @param nodes knows the servers that are named
	 * @param threads has a timer
	 * @param timeout how long to try to reach the server that another one named, for
	 * commands without a deadline
	 */
	Resends(RoutedLink link, Topology topology, ServerNodes nodes, BackgroundThreads threads, Duration timeout) {
		this.link = link;
		this.topology = topology;
		this.nodes = nodes;
		this.threads = threads;
		this.timeout = timeout;
	}

	/**
	 * Look at an error reply.
	 * @param command the command
	 * @param text the error
	 * @param from who answered
	 * @param used on which of its connections
	 * @return whether the command is sent again; if not, the error is its reply
	 */
	<T> boolean take(WatchedCommand<T> command, String text, NodeLink from, LinkSession used) {
		ErrorReply error = ErrorReply.parse(text);
		if (error == null || (isRedirection(error) && !this.topology.isSharded())) {
			return false;
		}
		learn(error, from, used);
		Resend<T> resend = resend(command, error, command.failure(text));
		if (resend == null) {
			return false;
		}
		ServerNode named = named(error, from);
		if (named != null && resend.attempts() < HOPS) {
			send(resend, this.link.to(named), error.kind() == ErrorReply.Kind.ASK);
		}
		else {
			later(resend);
		}
		return true;
	}

	/**
	 * Send a command when there is a connection.
	 */
	<T> void whenConnected(WatchedCommand<T> command, Deadline deadline, Throwable reason) {
		Resend<T> resend = new Resend<>(command, deadline, reason);
		command.setResend(resend);
		whenConnected(resend, null, false);
	}

	private <T> @Nullable Resend<T> resend(WatchedCommand<T> command, ErrorReply error, Throwable reason) {
		Resend<T> before = command.resend();
		if (before == null && command.deadline() != null && command.deadline().isOver()) {
			return null;
		}
		if (before != null) {
			before.comeBack(reason);
			return before;
		}
		Deadline deadline = command.deadline();
		if (deadline == null) {
			if (error.kind() == ErrorReply.Kind.UNAVAILABLE || error.kind() == ErrorReply.Kind.NO_MASTER) {
				return null;
			}
			deadline = Deadline.after(this.timeout);
		}
		Resend<T> resend = new Resend<>(command, deadline, reason);
		command.setResend(resend);
		return resend;
	}

	private void learn(ErrorReply error, NodeLink from, LinkSession used) {
		switch (error.kind()) {
			case MOVED -> {
				ServerNode named = named(error, from);
				if (named != null) {
					this.topology.moved(error.slot(), from.node(), named);
				}
			}
			case NO_MASTER -> {
				from.leave(used);
				this.topology.refresh();
			}
			case UNAVAILABLE -> this.topology.refresh();
			case ASK, TRY_AGAIN -> {
			}
		}
	}

	private static boolean isRedirection(ErrorReply error) {
		return error.kind() == ErrorReply.Kind.MOVED || error.kind() == ErrorReply.Kind.ASK;
	}

	private @Nullable ServerNode named(ErrorReply error, NodeLink from) {
		if (!isRedirection(error)) {
			return null;
		}
		String host = error.host();
		return this.nodes.at((host != null) ? host : from.node().uri().getHost(), error.port());
	}

	private void later(Resend<?> resend) {
		long longest = Math.min(200, 20L << Math.min(resend.attempts(), 4));
		Duration delay = Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
		if (resend.deadline().nanosLeft() <= delay.plus(LAST_REPLY).toNanos()) {
			resend.giveUp();
			return;
		}
		this.delayed.add(resend);
		this.threads.after(delay, () -> again(resend));
		if (this.link.isClosed()) {
			close();
		}
	}

	private <T> void again(Resend<T> resend) {
		this.delayed.remove(resend);
		send(resend, null, false);
	}

	/**
	 * Give up what waits for its time: there may be no timer any more.
	 */
	void close() {
		this.delayed.forEach(Resend::giveUp);
		this.delayed.clear();
	}

	private <T> void send(Resend<T> resend, @Nullable NodeLink named, boolean asking) {
		if (resend.deadline().isOver()) {
			resend.giveUp();
			return;
		}
		if (!resend.leave()) {
			return;
		}
		WatchedCommand<T> attempt = resend.next();
		NodeLink target = (named != null) ? named : this.link.serving(attempt.slot());
		resend.follow(attempt);
		if (target == null || !target.dispatch(attempt, asking)) {
			resend.comeBack(this.link.notConnected());
			whenConnected(resend, named, asking);
		}
	}

	private <T> void whenConnected(Resend<T> resend, @Nullable NodeLink named, boolean asking) {
		Duration left = resend.deadline().left();
		if (left.isZero()) {
			resend.giveUp();
			return;
		}
		if (named == null) {
			CompletableFuture<Void> connection = this.link.whenConnected(resend.slot());
			connection.whenComplete((connected, failure) -> connected(resend, null, asking, failure));
			this.threads.after(left, () -> {
				resend.giveUp();
				connection.cancel(false);
			});
			return;
		}
		Queue<Consumer<@Nullable Throwable>> queue = this.waiting.computeIfAbsent(named,
				(link) -> new ConcurrentLinkedQueue<>());
		Consumer<@Nullable Throwable> next = (failure) -> connected(resend, named, asking, failure);
		// Before the look at the first: what empties the queue meanwhile must find it.
		queue.add(next);
		this.threads.after(left, () -> {
			resend.giveUp();
			queue.remove(next);
		});
		if (queue.peek() == next) {
			named.whenConnected().whenComplete((connected, failure) -> connected(named, queue, failure));
		}
	}

	/**
	 * Send what has waited for a server in the order in which it came: a future runs what
	 * depends on it in any order.
	 */
	private void connected(NodeLink named, Queue<Consumer<@Nullable Throwable>> queue, @Nullable Throwable failure) {
		this.waiting.remove(named, queue);
		Consumer<@Nullable Throwable> next = queue.poll();
		while (next != null) {
			next.accept(failure);
			next = queue.poll();
		}
	}

	private void connected(Resend<?> resend, @Nullable NodeLink named, boolean asking, @Nullable Throwable failure) {
		if (failure == null) {
			send(resend, named, asking);
		}
		else if (this.link.isClosed()) {
			resend.giveUp();
		}
		else {
			// Nor does the server that was named serve it any more.
			later(resend);
		}
	}

}
