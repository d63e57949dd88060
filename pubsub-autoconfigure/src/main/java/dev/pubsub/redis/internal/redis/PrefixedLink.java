package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * A link that gives all keys of what is sent a prefix.
 *
 * @param link sends the commands
 * @param prefix what the keys start with
 */
record PrefixedLink(RedisLink link, KeyPrefix prefix) implements RedisLink {

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request, @Nullable Deadline deadline) {
		setPrefix(request);
		return this.link.send(request, deadline);
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests, @Nullable Deadline deadline) {
		requests.forEach(this::setPrefix);
		return this.link.sendAll(requests, deadline);
	}

	private void setPrefix(RedisRequest<?> request) {
		if (request.arguments() instanceof KeyArguments arguments) {
			arguments.setPrefix(this.prefix);
		}
		else if (request.arguments().getFirstEncodedKey() != null) {
			throw new IllegalArgumentException("The keys of " + request.keyword() + " take no prefix");
		}
	}

	@Override
	public RedisLink following(String key) {
		RedisLink following = this.link.following(this.prefix.key(key));
		return following.equals(this.link) ? this : new PrefixedLink(following, this.prefix);
	}

	@Override
	public boolean isClosed() {
		return this.link.isClosed();
	}

	@Override
	public RedisLink linkTo(String key) {
		RedisLink node = this.link.linkTo(this.prefix.key(key));
		return node.equals(this.link) ? this : new PrefixedLink(node, this.prefix);
	}

	@Override
	public boolean isConnected() {
		return this.link.isConnected();
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
	public boolean awaitConnection(Duration atMost) throws InterruptedException {
		return this.link.awaitConnection(atMost);
	}

	@Override
	public CompletableFuture<Void> whenConnected() {
		return this.link.whenConnected();
	}

	@Override
	public void reset() {
		this.link.reset();
	}

	@Override
	public void close() {
		this.link.close();
	}

}
