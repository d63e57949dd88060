package dev.pubsub.redis.internal.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.pubsub.redis.internal.concurrent.BackgroundThreads;
import dev.pubsub.redis.internal.concurrent.Loop;
import org.jspecify.annotations.Nullable;

/**
 * Sends together what many senders have to ask at the same tick: single commands for one
 * server go in one write, as soon as the timer has run what it is about to run. An error
 * is the reply, also where another server would execute the command. For questions that
 * are not urgent. Thread-safe.
 */
public final class GatheredLink implements RedisLink {

	private final RedisLink link;

	private final Queue<Waiting<?>> waiting = new ConcurrentLinkedQueue<>();

	private final Loop writes;

	/**
	 * Create a link.
	 * @param link sends the commands; this one shares its connections
	 * @param threads have the timer
	 */
	public GatheredLink(RedisLink link, BackgroundThreads threads) {
		this.link = link;
		this.writes = new Loop("Sending what was gathered", threads.timer(), threads.timer(), this::write);
	}

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
		if (deadline != null) {
			return this.link.send(request, deadline);
		}
		Waiting<T> added = new Waiting<>(request, new CompletableFuture<>());
		this.waiting.add(added);
		this.writes.wake();
		return added.reply();
	}

	private void write() {
		List<Waiting<?>> all = new ArrayList<>();
		for (Waiting<?> next = this.waiting.poll(); next != null; next = this.waiting.poll()) {
			all.add(next);
		}
		try {
			write(all);
		}
		catch (Throwable ex) {
			all.forEach((one) -> one.reply().completeExceptionally(ex));
			throw ex;
		}
	}

	@SuppressWarnings("unchecked") // each reply goes to who sent the request
	private void write(List<Waiting<?>> all) {
		List<RedisRequest<Object>> requests = new ArrayList<>(all.size());
		all.forEach((one) -> requests.add((RedisRequest<Object>) one.request()));
		List<CompletableFuture<Object>> replies = requests.isEmpty() ? List.of() : this.link.sendAll(requests);
		for (int i = 0; i < replies.size(); i++) {
			CompletableFuture<Object> reply = (CompletableFuture<Object>) all.get(i).reply();
			replies.get(i).whenComplete((value, failure) -> {
				if (failure != null) {
					reply.completeExceptionally(failure);
				}
				else {
					reply.complete(value);
				}
			});
		}
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests) {
		return this.link.sendAll(requests);
	}

	@Override
	public boolean isConnected() {
		return this.link.isConnected();
	}

	@Override
	public boolean isClosed() {
		return this.link.isClosed();
	}

	@Override
	public void onClose(Runnable action) {
		this.link.onClose(action);
	}

	@Override
	public NotConnectedException notConnected() {
		return this.link.notConnected();
	}

	@Override
	public boolean mayWait() {
		return this.link.mayWait();
	}

	@Override
	public CompletableFuture<Void> whenConnected() {
		return this.link.whenConnected();
	}

	@Override
	public void reset() {
		this.link.reset();
	}

	/**
	 * Send nothing more. The connections are left to the other link.
	 */
	@Override
	public void close() {
		this.writes.stop();
	}

	/**
	 * A command that is not sent yet.
	 *
	 * @param request the command
	 * @param reply completes with the reply
	 */
	private record Waiting<T>(RedisRequest<T> request, CompletableFuture<T> reply) {

	}

}
