package dev.pubsub.redis.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Finds ports on which no server listens.
 */
public final class Ports {

	/** What a node adds to its port for the bus; fixed before Redis 7. */
	private static final int BUS_OFFSET = 10_000;

	private Ports() {
	}

	public static int free() {
		try (ServerSocket socket = open(0)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return a port for a node of a cluster: the one for the cluster's bus is free as
	 * well. Both are below those that systems give to outgoing connections, so that a
	 * node that was killed finds them free when it starts again.
	 */
	static int freeWithBus() {
		for (int attempt = 0; attempt < 1000; attempt++) {
			int port = ThreadLocalRandom.current().nextInt(11_000, 22_000);
			if (isFree(port) && isFree(port + BUS_OFFSET)) {
				return port;
			}
		}
		throw new IllegalStateException("No free port whose bus port is free, too");
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = open(port)) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static ServerSocket open(int port) throws IOException {
		return new ServerSocket(port, 1, InetAddress.getByName(RedisLauncher.HOST));
	}

}
