package dev.pubsub.redis.internal.redis;

import java.nio.ByteBuffer;

import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import org.jspecify.annotations.Nullable;

/**
 * A command that has not been sent yet. Its first key decides which server gets it. Good
 * for one send.
 *
 * @param <T> type of the reply
 * @param keyword name of the command
 * @param output reads the reply
 * @param arguments what follows the name
 */
public record RedisRequest<T>(ProtocolKeyword keyword, CommandOutput<byte[], byte[], T> output,
		CommandArgs<byte[], byte[]> arguments) {

	/**
	 * What counts as the slot of a command without a key.
	 */
	static final int NO_SLOT = -1;

	/**
	 * Return the slot of the first key; all keys of a command are in one slot.
	 * @return the slot, {@link #NO_SLOT} if the command has no key
	 */
	int slot() {
		return slot(this.arguments);
	}

	static int slot(@Nullable CommandArgs<byte[], byte[]> arguments) {
		ByteBuffer key = (arguments != null) ? arguments.getFirstEncodedKey() : null;
		return (key != null) ? SlotHash.getSlot(key) : NO_SLOT;
	}

}
