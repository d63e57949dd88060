package dev.pubsub.redis.internal.redis;

import io.lettuce.core.RedisURI;

/**
 * One server, by its address. There is one object per address, which all links to the
 * server share.
 */
final class ServerNode {

	private final RedisURI uri;

	private final ConnectGate gate = new ConnectGate(System::nanoTime);

	ServerNode(RedisURI uri) {
		this.uri = uri;
	}

	/**
	 * Return the address with all that a connection needs.
	 */
	RedisURI uri() {
		return this.uri;
	}

	/**
	 * Return the gate of all links to this server.
	 */
	ConnectGate gate() {
		return this.gate;
	}

	/**
	 * Return the address as it may be logged.
	 */
	@Override
	public String toString() {
		return (this.uri.getSocket() != null) ? this.uri.getSocket() : this.uri.getHost() + ":" + this.uri.getPort();
	}

}
