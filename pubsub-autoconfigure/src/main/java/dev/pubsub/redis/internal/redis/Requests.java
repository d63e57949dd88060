package dev.pubsub.redis.internal.redis;

import java.util.function.Function;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;

/**
 * Starts requests.
 */
final class Requests {

	private Requests() {
	}

	static KeyArguments arguments() {
		return new KeyArguments();
	}

	static <T> RedisRequest<T> of(ProtocolKeyword keyword, CommandArgs<byte[], byte[]> arguments,
			Function<Reply, T> mapper) {
		return new RedisRequest<>(keyword, new TreeOutput<>(mapper), arguments);
	}

	static <T> RedisRequest<T> of(CommandType keyword, CommandArgs<byte[], byte[]> arguments,
			Function<Reply, T> mapper) {
		return new RedisRequest<>(keyword, new TreeOutput<>(mapper), arguments);
	}

}
