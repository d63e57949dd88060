package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.lettuce.core.protocol.ProtocolKeyword;

/**
 * How many copies there are of everything that was written on a connection.
 *
 * @param disks number of servers, of the one that was asked, whose disk has it: 0 or 1,
 * or 1 where disks were not asked for
 * @param replicas number of replicas that have it, on disk where disks were asked for
 */
public record Confirmation(int disks, int replicas) {

	private static final ProtocolKeyword WAIT = new Name("WAIT");

	private static final ProtocolKeyword WAITAOF = new Name("WAITAOF");

	/**
	 * Return a request for the confirmation of what was written before it on the same
	 * connection. That connection answers nothing else meanwhile. A command that changed
	 * nothing does not count as a write: replicas need not have caught up then.
	 * @param stream key of a stream that the asked server serves
	 * @param replicas number of replicas to wait for
	 * @param timeout longest wait
	 * @param fsync whether to wait for disks, the server's own included
	 * @return the request
	 */
	public static RedisRequest<Confirmation> request(String stream, int replicas, Duration timeout, boolean fsync) {
		RoutedArguments arguments = new RoutedArguments(stream);
		if (fsync) {
			arguments.add(1);
		}
		arguments.add(replicas).add(timeout.toMillis());
		return fsync
				? Requests.of(WAITAOF, arguments,
						(reply) -> new Confirmation((int) reply.get(0).number(), (int) reply.get(1).number()))
				: Requests.of(WAIT, arguments, (reply) -> new Confirmation(1, (int) reply.number()));
	}

	/**
	 * Arguments without a key that go where a key goes.
	 */
	private static final class RoutedArguments extends KeyArguments {

		private final byte[] key;

		RoutedArguments(String key) {
			this.key = StreamCommands.bytes(key);
		}

		@Override
		public ByteBuffer getFirstEncodedKey() {
			return this.codec.encodeKey(this.key);
		}

	}

	private record Name(String text) implements ProtocolKeyword {

		@Override
		public byte[] getBytes() {
			return this.text.getBytes(StandardCharsets.US_ASCII);
		}

		@Override
		@SuppressWarnings("deprecation") // Lettuce 6 has no default
		public String name() {
			return this.text;
		}

		@Override
		public String toString() {
			return this.text;
		}

	}

}
