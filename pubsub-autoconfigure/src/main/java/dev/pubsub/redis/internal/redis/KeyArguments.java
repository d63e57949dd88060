package dev.pubsub.redis.internal.redis;

import io.lettuce.core.protocol.CommandArgs;

/**
 * Arguments of a command. Keys among them are names until a link sends the command, which
 * gives them its prefix. Not thread-safe.
 */
class KeyArguments extends CommandArgs<byte[], byte[]> {

	KeyArguments() {
		super(new KeyPrefix.Codec());
	}

	void setPrefix(KeyPrefix prefix) {
		((KeyPrefix.Codec) this.codec).setPrefix(prefix);
	}

}
