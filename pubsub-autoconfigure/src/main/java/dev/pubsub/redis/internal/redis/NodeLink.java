package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * {@link RedisLink} to one server. Thread-safe.
 */
final class NodeLink implements RedisLink {

	private final LinkSettings settings;

	private final Unexecuted unexecuted;

	private final LinkSessions sessions;

	/**
	 * Create a link that connects when it is first used.
	 * @param node the server
	 * @param settings what all servers of the link have in common
	 * @param unexecuted sends again what another server may execute
	 */
	NodeLink(ServerNode node, LinkSettings settings, Unexecuted unexecuted) {
		this.settings = settings;
		this.unexecuted = unexecuted;
		this.sessions = new LinkSessions(node, settings, unexecuted);
	}

	ServerNode node() {
		return this.sessions.node();
	}

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
		this.settings.prefix().applyTo(request);
		LinkSession current = this.sessions.current();
		if (current == null && deadline == null) {
			return CompletableFuture.failedFuture(notConnected());
		}
		WatchedCommand<T> command = (deadline != null) ? new WatchedCommand<>(request, deadline, Patience.OUTAGES)
				: new WatchedCommand<>(request, Deadline.after(this.settings.timeout()), Patience.MOVES);
		if (current != null) {
			current.send(command);
		}
		else {
			this.unexecuted.notSent(command, notConnected());
		}
		return command;
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests) {
		LinkSession current = this.sessions.current();
		if (current == null) {
			return notSent(requests.size());
		}
		List<WatchedCommand<T>> commands = commands(requests);
		current.sendAll(commands);
		return new ArrayList<>(commands);
	}

	/**
	 * Send commands whose key is on its way to this server.
	 */
	<T> List<CompletableFuture<T>> sendAsking(List<RedisRequest<T>> requests) {
		LinkSession current = this.sessions.current();
		if (current == null) {
			return notSent(requests.size());
		}
		List<WatchedCommand<T>> commands = commands(requests);
		current.sendAsking(commands);
		return new ArrayList<>(commands);
	}

	private <T> List<WatchedCommand<T>> commands(List<RedisRequest<T>> requests) {
		List<WatchedCommand<T>> commands = new ArrayList<>(requests.size());
		for (RedisRequest<T> request : requests) {
			this.settings.prefix().applyTo(request);
			commands.add(new WatchedCommand<>(request, null, Patience.NONE));
		}
		return commands;
	}

	private <T> List<CompletableFuture<T>> notSent(int count) {
		NotConnectedException failure = notConnected();
		List<CompletableFuture<T>> failed = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			failed.add(CompletableFuture.failedFuture(failure));
		}
		return failed;
	}

	/**
	 * Send a command as it is.
	 * @param asking whether its key is on its way to this server
	 * @return not when there is no connection
	 */
	boolean dispatch(WatchedCommand<?> command, boolean asking) {
		LinkSession current = this.sessions.current();
		if (current == null) {
			return false;
		}
		if (asking) {
			current.sendAsking(List.of(command));
		}
		else {
			current.send(command);
		}
		return true;
	}

	@Override
	public NotConnectedException notConnected() {
		return this.sessions.notConnected();
	}

	@Override
	public @Nullable RedisLink asked(Throwable failure) {
		return this.unexecuted.asked(failure, node());
	}

	@Override
	public boolean isConnected() {
		return this.sessions.isConnected();
	}

	@Override
	public boolean isClosed() {
		return this.sessions.isClosed();
	}

	@Override
	public void onClose(Runnable action) {
		this.sessions.onClose(action);
	}

	@Override
	public boolean mayWait() {
		return !this.settings.loops().includeCurrentThread();
	}

	/**
	 * Connect, unless there is a connection.
	 */
	void start() {
		this.sessions.current();
	}

	@Override
	public CompletableFuture<Void> whenConnected() {
		return this.sessions.whenConnected();
	}

	@Override
	public void reset() {
		this.sessions.reset();
	}

	/**
	 * Send nothing more to this server. Replies that are due have a moment to come.
	 */
	void retire() {
		this.sessions.retire();
	}

	@Override
	public void close() {
		this.sessions.close();
	}

}
