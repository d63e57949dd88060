package dev.pubsub.redis.internal.redis;

import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.lettuce.core.protocol.CommandType;

/**
 * Version of a server, as far as it is Redis: others count their versions differently and
 * say which Redis they can replace.
 *
 * @param major first part
 * @param minor second part
 */
public record ServerVersion(int major, int minor) {

	/**
	 * A server that does not say.
	 */
	public static final ServerVersion UNKNOWN = new ServerVersion(0, 0);

	private static final Pattern VERSION = Pattern.compile("redis_version:(\\d{1,9})\\.(\\d{1,9})");

	/**
	 * Ask a server.
	 * @param link connection to the server
	 * @return the version; fails with {@link RedisFault#REFUSED} where INFO is not
	 * permitted
	 */
	public static CompletableFuture<ServerVersion> ask(RedisLink link) {
		return link
			.send(Requests.of(CommandType.INFO, Requests.arguments().add("server"), (reply) -> parse(reply.text())));
	}

	static ServerVersion parse(String info) {
		Matcher version = VERSION.matcher(info);
		return version.find()
				? new ServerVersion(Integer.parseInt(version.group(1)), Integer.parseInt(version.group(2))) : UNKNOWN;
	}

	public boolean isAtLeast(int otherMajor, int otherMinor) {
		return this.major > otherMajor || (this.major == otherMajor && this.minor >= otherMinor);
	}

}
