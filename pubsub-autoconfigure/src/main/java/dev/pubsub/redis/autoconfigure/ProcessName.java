package dev.pubsub.redis.autoconfigure;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Names this process as people look for it: application, host, process id.
 */
final class ProcessName {

	private ProcessName() {
	}

	static String of(String application) {
		return application + "-" + host() + "-" + ProcessHandle.current().pid();
	}

	private static String host() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "localhost";
		}
	}

}
