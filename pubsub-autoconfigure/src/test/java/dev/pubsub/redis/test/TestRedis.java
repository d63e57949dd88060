package dev.pubsub.redis.test;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * A test's view of a real server: where it is, keys of its own, and raw commands to look
 * at what really happened. Safe to use from many threads.
 */
public final class TestRedis {

	/**
	 * What the driver writes for credentials, even where there are none.
	 */
	private static final String CREDENTIALS = "**credentialsProvider**@";

	private final RedisURI uri;

	private final String prefix;

	private final Connections connections;

	private final List<String> properties;

	TestRedis(RedisURI uri, String prefix, Connections connections, List<String> properties) {
		this.uri = uri;
		this.prefix = prefix;
		this.connections = connections;
		this.properties = properties;
	}

	public String host() {
		return this.uri.getHost();
	}

	public int port() {
		return this.uri.getPort();
	}

	/**
	 * Return the address as {@code redis://} URL, with credentials if it has any.
	 * @return the URL
	 */
	public String url() {
		return this.uri.toURI().toString().replace(CREDENTIALS, credentials());
	}

	/**
	 * Return how an application finds this server, or the cluster or Sentinels it belongs
	 * to.
	 * @return properties such as {@code spring.data.redis.url=redis://127.0.0.1:6379}
	 */
	public String[] applicationProperties() {
		return this.properties.isEmpty() ? new String[] { "spring.data.redis.url=" + url() }
				: this.properties.toArray(String[]::new);
	}

	private String credentials() {
		RedisCredentials credentials = this.uri.getCredentialsProvider().resolveCredentials().block();
		if (credentials == null || !credentials.hasPassword()) {
			return "";
		}
		String user = credentials.hasUsername() ? credentials.getUsername() : "";
		return encode(user) + ":" + encode(String.valueOf(credentials.getPassword())) + "@";
	}

	private static String encode(String text) {
		return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
	}

	/**
	 * Return what all keys of this test start with; no other test has the same.
	 * @return the prefix, ending in a colon
	 */
	public String prefix() {
		return this.prefix;
	}

	/**
	 * Return a key that belongs to this test alone.
	 * @param name what the key is called
	 * @return the prefix and the name
	 */
	public String key(String name) {
		return this.prefix + name;
	}

	/**
	 * Return a started connection factory, the same one throughout the test class and
	 * closed after it.
	 * @return the connection factory
	 */
	public LettuceConnectionFactory connectionFactory() {
		return this.connections.factory();
	}

	/**
	 * Return a factory for the same server or servers.
	 * @param client settings of the driver
	 * @return the factory, not started, which the caller destroys
	 */
	public LettuceConnectionFactory connectionFactory(LettuceClientConfiguration client) {
		return this.connections.factory(client);
	}

	/**
	 * Send one command on a RESP2 connection of this class's own and wait for the reply.
	 * @param args the command and its arguments
	 * @return a string, a {@code Long}, a list of these, or {@code null}
	 * @throws io.lettuce.core.RedisException if the server answers with an error
	 */
	public @Nullable Object execute(String... args) {
		return this.connections.execute(args);
	}

	/**
	 * Send one command whose reply is an array.
	 * @param args the command and its arguments
	 * @return the reply
	 */
	@SuppressWarnings("unchecked")
	public List<Object> executeForList(String... args) {
		Object reply = execute(args);
		return (reply != null) ? (List<Object>) reply : List.of();
	}

	/**
	 * Add an entry.
	 * @param stream the whole key of the stream
	 * @param fields the entry's fields
	 * @return the entry's id
	 */
	public String xadd(String stream, Map<String, String> fields) {
		List<String> args = new ArrayList<>(List.of("XADD", stream, "*"));
		fields.forEach((field, value) -> {
			args.add(field);
			args.add(value);
		});
		return String.valueOf(execute(args.toArray(String[]::new)));
	}

	public long xlen(String stream) {
		return number(execute("XLEN", stream));
	}

	/**
	 * Return how many entries were delivered to the group and not acknowledged.
	 * @param stream the whole key of the stream
	 * @param group the group
	 * @return the size of the group's pending list; -1 while there is no such group,
	 * which a listener creates in the background
	 */
	public long pendingCount(String stream, String group) {
		return hasGroup(stream, group) ? number(executeForList("XPENDING", stream, group).get(0)) : -1;
	}

	/**
	 * Return whether an entry was delivered to the group, not acknowledged, and idle for
	 * some time.
	 * @param stream the whole key of the stream
	 * @param group the group, which need not be there yet
	 * @param idle time since its last delivery
	 * @return whether there is such an entry
	 */
	public boolean hasPending(String stream, String group, Duration idle) {
		return hasGroup(stream, group)
				&& !executeForList("XPENDING", stream, group, "IDLE", "" + idle.toMillis(), "-", "+", "1").isEmpty();
	}

	/**
	 * Return whether the server is Redis 6: it keeps deleted entries pending, and does
	 * not count what a group has read.
	 */
	public boolean isRedis6() {
		return String.valueOf(execute("INFO", "server")).contains("redis_version:6.");
	}

	private boolean hasGroup(String stream, String group) {
		return number(execute("EXISTS", stream)) > 0 && executeForList("XINFO", "GROUPS", stream).stream()
			.anyMatch((info) -> info instanceof List<?> fields && group.equals(fields.get(1)));
	}

	private static long number(@Nullable Object reply) {
		if (reply instanceof Long number) {
			return number;
		}
		throw new IllegalStateException("Not a number: " + reply);
	}

}
