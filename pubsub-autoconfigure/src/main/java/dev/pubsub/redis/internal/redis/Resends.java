package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import org.jspecify.annotations.Nullable;

/**
 * Sends single commands again that a server answered with an error without executing
 * them: to the server it named, or a little later. Commands that are sent together are
 * their sender's, who knows their order. Never waits. Thread-safe.
 */
final class Resends implements Unexecuted {

	private final ServerLinks links;

	private final Topology topology;

	private final ServerNodes nodes;

	private final BackgroundThreads threads;

	private final Set<Resend<?>> delayed = ConcurrentHashMap.newKeySet();

	/**
	 * Create resends.
	 * @param links where to send
	 * @param topology learns where the keys are
	 * @param nodes knows the servers that are named
	 * @param threads has a timer
	 */
	Resends(ServerLinks links, Topology topology, ServerNodes nodes, BackgroundThreads threads) {
		this.links = links;
		this.topology = topology;
		this.nodes = nodes;
		this.threads = threads;
	}

	@Override
	public <T> boolean refused(WatchedCommand<T> command, ErrorReply error, String text, ServerNode by) {
		if (error.isRedirection() && !this.topology.isSharded()) {
			return false;
		}
		learn(error, by);
		Resend<T> resend = resend(command, error, text);
		if (resend == null) {
			return false;
		}
		if (!error.isRedirection() || !ResendPace.allowsHop(resend.attempts())) {
			later(resend);
		}
		else if (error.kind() == ErrorReply.Kind.MOVED) {
			send(resend, this.links.serving(resend.slot()), false);
		}
		else {
			ask(resend, this.links.to(named(error, by)));
		}
		return true;
	}

	@Override
	public <T> void notSent(WatchedCommand<T> command, Throwable reason) {
		Resend<T> resend = new Resend<>(command, command.requireDeadline(), reason);
		command.setResend(resend);
		whenConnected(resend);
	}

	@Override
	public @Nullable RedisLink asked(Throwable failure, ServerNode by) {
		ErrorReply error = ErrorReply.of(failure);
		return (error != null && error.kind() == ErrorReply.Kind.ASK && this.topology.isSharded())
				? new AskingLink(this.links.to(named(error, by))) : null;
	}

	private void learn(ErrorReply error, ServerNode by) {
		switch (error.kind()) {
			case MOVED -> this.topology.moved(error.slot(), by, named(error, by));
			case NO_MASTER, UNAVAILABLE -> this.topology.refresh();
			case ASK, TRY_AGAIN -> {
			}
		}
	}

	private ServerNode named(ErrorReply error, ServerNode by) {
		String host = error.host();
		return this.nodes.at((host != null) ? host : by.uri().getHost(), error.port());
	}

	private <T> @Nullable Resend<T> resend(WatchedCommand<T> command, ErrorReply error, String text) {
		Resend<T> before = command.resend();
		if (before != null) {
			before.comeBack(command.failure(text));
			return before;
		}
		if (!command.patience().bears(error) || command.requireDeadline().isOver()) {
			return null;
		}
		Resend<T> resend = new Resend<>(command, command.requireDeadline(), command.failure(text));
		command.setResend(resend);
		return resend;
	}

	/**
	 * Ask the server that is to have the key. Where there is no connection to it the one
	 * that answered may know better when there is one.
	 */
	private void ask(Resend<?> resend, NodeLink target) {
		if (target.isConnected()) {
			send(resend, target, true);
		}
		else {
			target.start();
			later(resend);
		}
	}

	private void later(Resend<?> resend) {
		Duration delay = ResendPace.pauseAfter(resend.attempts());
		if (!resend.deadline().leavesTimeFor(delay)) {
			resend.giveUp();
			return;
		}
		this.delayed.add(resend);
		this.threads.after(delay, () -> again(resend));
		if (this.links.isClosed()) {
			close();
		}
	}

	private void again(Resend<?> resend) {
		this.delayed.remove(resend);
		send(resend, this.links.serving(resend.slot()), false);
	}

	/**
	 * Give up what waits for its time: there may be no timer any more.
	 */
	void close() {
		this.delayed.forEach(Resend::giveUp);
		this.delayed.clear();
	}

	private <T> void send(Resend<T> resend, @Nullable NodeLink target, boolean asking) {
		if (resend.deadline().isOver()) {
			resend.giveUp();
			return;
		}
		if (!resend.leave()) {
			return;
		}
		WatchedCommand<T> attempt = resend.next();
		resend.follow(attempt);
		if (target == null || !target.dispatch(attempt, asking)) {
			resend.comeBack(this.links.notConnected());
			whenConnected(resend);
		}
	}

	private void whenConnected(Resend<?> resend) {
		Duration left = resend.deadline().left();
		if (left.isZero()) {
			resend.giveUp();
			return;
		}
		CompletableFuture<Void> connection = this.links.whenConnected(resend.slot());
		connection.whenComplete((connected, failure) -> connected(resend, failure));
		this.threads.after(left, () -> {
			resend.giveUp();
			connection.cancel(false);
		});
	}

	private void connected(Resend<?> resend, @Nullable Throwable failure) {
		if (failure == null) {
			send(resend, this.links.serving(resend.slot()), false);
		}
		else if (this.links.isClosed()) {
			resend.giveUp();
		}
		else {
			later(resend);
		}
	}

}
