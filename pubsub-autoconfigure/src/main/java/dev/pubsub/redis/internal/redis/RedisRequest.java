package dev.pubsub.redis.internal.redis;

import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;

/**
 * A command that has not been sent yet. Good for one send.
 *
 * @param <T> type of the reply
 * @param keyword name of the command
 * @param output reads the reply
 * @param arguments what follows the name
 */
public record RedisRequest<T>(ProtocolKeyword keyword, CommandOutput<byte[], byte[], T> output,
		CommandArgs<byte[], byte[]> arguments) {

}
