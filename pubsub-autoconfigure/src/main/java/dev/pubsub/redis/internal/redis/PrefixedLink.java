package dev.pubsub.redis.internal.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A link that gives all keys of what is sent a prefix.
 *
 * @param link sends the commands
 * @param prefix what the keys start with
 */
record PrefixedLink(RedisLink link, KeyPrefix prefix) implements RedisLink {

	@Override
	public <T> CompletableFuture<T> send(RedisRequest<T> request) {
		setPrefix(request);
		return this.link.send(request);
	}

	@Override
	public <T> List<CompletableFuture<T>> sendAll(List<RedisRequest<T>> requests) {
		requests.forEach(this::setPrefix);
		return this.link.sendAll(requests);
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
